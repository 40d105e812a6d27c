/**
 * Kinds that live in no namespace, by group: Kubernetes' own, OpenShift's that MicroShift has, KServe's, and what device plugins and
 * policies bring. Of a kind that is not named here nothing is said.
 */
const clusterKinds: Readonly<Record<string, readonly string[]>> = {
  '': ['Namespace', 'Node', 'PersistentVolume', 'ComponentStatus'],
  'admissionregistration.k8s.io': [
    'MutatingWebhookConfiguration',
    'ValidatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
  ],
  'rbac.authorization.k8s.io': ['ClusterRole', 'ClusterRoleBinding'],
}

/** Groups all of whose kinds live in namespaces, but for those named above. */
const namespacedGroups = [
  '',
  'apps',
  'batch',
  'autoscaling',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'route.openshift.io',
  'discovery.k8s.io',
  'coordination.k8s.io',
  'events.k8s.io',
]
const namespacedKinds: Readonly<Record<string, readonly string[]>> = {
  'serving.kserve.io': ['InferenceService', 'ServingRuntime', 'InferenceGraph', 'TrainedModel'],
}
/** Of those groups the kinds that live in none. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'networking.k8s.io': ['IngressClass', 'IPAddress', 'ServiceCIDR'],
}

/**
 * Whether objects of a kind live in a namespace.
 *
 * @returns undefined where edge does not know the kind
 */
export const isNamespaced = (apiVersion: string, kind: string): boolean | undefined => {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const has = (table: Readonly<Record<string, readonly string[]>>) =>
    Object.hasOwn(table, group) && table[group]?.includes(kind) === true
  if (has(clusterKinds) || has(exceptions)) return false
  return has(namespacedKinds) || namespacedGroups.includes(group) ? true : undefined
}

/** Namespaces that MicroShift or its optional packages make. */
export const isOfMicroshift = (namespace: string): boolean =>
  /^(?:default|kube-.*|openshift(?:-.*)?|redhat-ods-applications|cert-manager(?:-operator)?|sriov-network-operator)$/.test(
    namespace,
  )
