import type { Route } from '../../kubernetes/types.ts'
import type { PlannedModel, PlannedRoute } from '../../plan/plan.ts'

/** Writes down a model's Route, in front of the headless Service that KServe makes: it names the container's port. */
export const route = ({ predictor, port }: PlannedModel, { host, tls }: PlannedRoute): Route => ({
  apiVersion: 'route.openshift.io/v1',
  kind: 'Route',
  metadata: { name: predictor },
  spec: {
    host,
    to: { kind: 'Service', name: predictor, weight: 100 },
    port: { targetPort: port },
    ...(tls === 'edge' ? { tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' } } : {}),
    wildcardPolicy: 'None',
  },
})
