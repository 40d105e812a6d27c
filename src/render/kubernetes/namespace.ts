import type { KubernetesObject } from '../../kubernetes/types.ts'

/** A Namespace. */
export const namespaceObject = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
})
