import { type ClusterRead, configRead, workloadReads } from '../kubernetes/clusterReads.ts'
import { configMapName } from '../kubernetes/names.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from './file.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { bundleLayout } from '../layout.ts'
import { routesOf } from './manifests.ts'

const account = 'edge-verify'

/** A rule of a Role. */
interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/**
 * What the checks inside the cluster need, for whoever wants to grant it: a ServiceAccount that may read just what is asked.
 * It lies with the probes and not with the manifests: nothing applies it by itself.
 */
export function* rbac(plan: Plan): Iterable<File> {
  const { namespace, kserveConfig } = plan
  // The bundle has Roles where the router is to read certificates.
  const hasRoles = [plan, ...plan.sites].some((one) => routesOf(one).some(({ certificateSecret }) => certificateSecret))
  const { namespace: own, roles, bindings, ...lists } = workloadReads
  const items = [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
    // A Role in a namespace may grant to read that namespace itself.
    ...granted(account, namespace, namespace, [
      rule([own], namespace),
      ...byGroup([...Object.values(lists), ...(hasRoles ? [roles, bindings] : [])]),
    ]),
    ...(kserveConfig === undefined
      ? []
      : granted(`${account}-${namespace}`, kserveConfig.namespace, namespace, [rule([configRead], configMapName)])),
  ]
  yield { path: bundleLayout.clusterReader, content: dumpYaml({ apiVersion: 'v1', kind: 'List', items }) }
}

/** A Role, and the binding that gives it to the ServiceAccount. */
const granted = (name: string, namespace: string, accountNamespace: string, rules: readonly Rule[]): object[] => {
  const group = 'rbac.authorization.k8s.io'
  const object = (kind: string) => ({ apiVersion: `${group}/v1`, kind, metadata: { name, namespace } })
  return [
    { ...object('Role'), rules },
    {
      ...object('RoleBinding'),
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: accountNamespace }],
    },
  ]
}

const byGroup = (reads: readonly ClusterRead[]): Rule[] =>
  [...new Set(reads.map(({ group }) => group))].map((group) => rule(reads.filter((read) => read.group === group)))

const rule = (reads: readonly ClusterRead[], name?: string): Rule => ({
  apiGroups: [reads[0]?.group ?? ''],
  resources: reads.map(({ resource }) => resource),
  ...(name === undefined ? {} : { resourceNames: [name] }),
  verbs: [...new Set(reads.map(({ verb }) => verb))],
})
