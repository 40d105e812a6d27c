/** Something that is asked of the API server: a resource, and whether one is got or all are listed. */
export interface ClusterRead {
  readonly verb: 'get' | 'list'
  /** Empty for the core group. */
  readonly group: string
  readonly version: string
  readonly resource: string
}

/**
 * Everything that is read inside a cluster, in the workload's namespace: the one list that requests are made of, and that the
 * bundle's RBAC grants. Nothing is written, and no Secret is read.
 */
export const workloadReads = {
  namespace: { verb: 'get', group: '', version: 'v1', resource: 'namespaces' },
  runtimes: { verb: 'list', group: 'serving.kserve.io', version: 'v1alpha1', resource: 'servingruntimes' },
  services: { verb: 'list', group: 'serving.kserve.io', version: 'v1beta1', resource: 'inferenceservices' },
  deployments: { verb: 'list', group: 'apps', version: 'v1', resource: 'deployments' },
  routes: { verb: 'list', group: 'route.openshift.io', version: 'v1', resource: 'routes' },
  policies: { verb: 'list', group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  roles: { verb: 'list', group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'roles' },
  bindings: { verb: 'list', group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'rolebindings' },
  pods: { verb: 'list', group: '', version: 'v1', resource: 'pods' },
  events: { verb: 'list', group: '', version: 'v1', resource: 'events' },
} as const satisfies Record<string, ClusterRead>

/** KServe's configuration, in KServe's namespace. */
export const configRead = {
  verb: 'get',
  group: '',
  version: 'v1',
  resource: 'configmaps',
} as const satisfies ClusterRead

/** `apps/deployments`, `pods`: a resource as RBAC and people name it. */
export const resourceName = ({ group, resource }: ClusterRead): string =>
  group === '' ? resource : `${resource}.${group}`

/**
 * The path of a request.
 *
 * @param name - of the object, for `get`
 */
export const readPath = ({ group, version, resource }: ClusterRead, namespace: string, name?: string): string => {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const place = resource === 'namespaces' ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}${place}/${resource}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}
