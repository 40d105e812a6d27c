import type { NetworkPolicy } from '../../kubernetes/types.ts'

/**
 * Who may reach the pods: the router, which is an ordinary pod known by the label of its namespace, and the namespace
 * itself. The kubelet's probes come from the host, which no policy stops. Source: facts/microshift.md, network.
 */
export const networkPolicy = (): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'router-and-namespace' },
  spec: {
    podSelector: {},
    policyTypes: ['Ingress'],
    ingress: [
      {
        from: [
          { namespaceSelector: { matchLabels: { 'network.openshift.io/policy-group': 'ingress' } } },
          { podSelector: {} },
        ],
      },
    ],
  },
})
