import type { KubernetesObject } from '../../kubernetes/types.ts'

const group = 'rbac.authorization.k8s.io'

/** A rule of a Role. */
export interface Rule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly verbs: readonly string[]
}

/** Who is granted something. */
export interface Account {
  readonly name: string
  readonly namespace: string
}

/** A ServiceAccount. */
export const serviceAccount = ({ name, namespace }: Account): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
})

/**
 * A Role, and the RoleBinding of the same name that gives it to a ServiceAccount.
 *
 * @param metadata - their name; a namespace where no kustomization gives it
 */
export const granted = (
  metadata: { readonly name: string; readonly namespace?: string },
  { name, namespace }: Account,
  rules: readonly Rule[],
): KubernetesObject[] => {
  const role: KubernetesObject & { readonly rules: readonly Rule[] } = {
    apiVersion: `${group}/v1`,
    kind: 'Role',
    metadata,
    rules,
  }
  const binding: KubernetesObject & { readonly roleRef: object; readonly subjects: readonly object[] } = {
    apiVersion: `${group}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  }
  return [role, binding]
}

/** Objects in one file. */
export const listOf = (items: readonly KubernetesObject[]): object => ({ apiVersion: 'v1', kind: 'List', items })
