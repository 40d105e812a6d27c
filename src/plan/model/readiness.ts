import type { ModelSpec } from '../../spec/schema.ts'
import type { Server } from '../../servers/recognise.ts'

/**
 * How the kubelet learns that the model, not only its server, is there: KServe's default asks whether the port is open,
 * which it is before the model is loaded. Sources: facts/kserve.md (default readiness), facts/model-servers.md.
 *
 * @returns the spec's probe; else one for a server that edge knows, unless the runtime has one of its own; undefined where
 * KServe's own or the runtime's stands
 */
export const planReadiness = (
  model: ModelSpec,
  { kind, subject, http, tls }: Server,
): Readonly<Record<string, unknown>> | undefined => {
  if (model.readiness != null) return model.readiness
  const { port, hasReadinessProbe, words } = subject
  const path = http ? kind.readyPath?.(model.name, words) : undefined
  if (path === undefined || hasReadinessProbe || port.container !== 'kserve-container') return undefined
  return {
    httpGet: { path, port: port.number, ...(tls ? { scheme: 'HTTPS' } : {}) },
    periodSeconds: 5,
    timeoutSeconds: 5,
  }
}
