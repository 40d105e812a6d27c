import type { KubernetesObject, Route, RouteTarget } from '../../kubernetes/types.ts'
import type { PlannedRoute } from '../../plan/plan.ts'
import { granted } from './role.ts'

/** Writes down a Route, in front of the headless Services that KServe makes: it names the pods' port. */
export const route = ({
  name,
  host,
  path,
  tls,
  certificateSecret,
  timeout,
  allowFrom,
  targetPort,
  backends,
}: PlannedRoute): Route => {
  // What the router reads: facts/microshift.md, Network.
  const annotations = {
    ...(timeout === undefined ? {} : { 'haproxy.router.openshift.io/timeout': timeout.value }),
    ...(allowFrom === undefined ? {} : { 'haproxy.router.openshift.io/ip_allowlist': allowFrom.value.join(' ') }),
  }
  const [to, ...others] = backends.map(({ service, weight }): RouteTarget => ({
    kind: 'Service',
    name: service,
    weight,
  }))
  if (to === undefined) throw new Error(`the Route ${name} leads nowhere`)
  return {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name, ...(Object.keys(annotations).length === 0 ? {} : { annotations }) },
    spec: {
      host: host.value,
      ...(path === undefined ? {} : { path: path.value }),
      to,
      ...(others.length === 0 ? {} : { alternateBackends: others }),
      port: { targetPort },
      ...(tls.value === 'none'
        ? {}
        : {
            tls: {
              termination: tls.value,
              insecureEdgeTerminationPolicy: 'Redirect' as const,
              ...(certificateSecret === undefined ? {} : { externalCertificate: { name: certificateSecret } }),
            },
          }),
      wildcardPolicy: 'None',
    },
  }
}

/**
 * What lets the router read the Secrets that Routes name as their certificates: without it the API server refuses the
 * Route. Source: OpenShift's documentation of `externalCertificate`.
 *
 * @param secrets - names of Secrets
 */
export const certificateReaders = (secrets: readonly string[]): KubernetesObject[] =>
  secrets.flatMap((secret) =>
    granted({ name: `router-reads-${secret}` }, { name: 'router', namespace: 'openshift-ingress' }, [
      { apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: ['get', 'list', 'watch'] },
    ]),
  )
