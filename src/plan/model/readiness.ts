import type { ServingRuntime } from '../../kubernetes/types.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { byDefault, type Decision, decided, given, type Origin } from '../decision.ts'
import type { Server } from '../../servers/recognise.ts'

type Probe = Readonly<Record<string, unknown>> | undefined

/**
 * How the kubelet learns that the model, not only its server, is there: KServe's default asks whether the port is open,
 * which it is before the model is loaded. Sources: facts/kserve.md (default readiness), facts/model-servers.md.
 *
 * @param server - read from the final object; undefined where the runtime is not known
 * @param runtime - the ServingRuntime without the model
 * @returns the spec's probe; else one for a server that edge knows, unless the runtime has one of its own; undefined where
 * KServe's own or the runtime's stands
 */
export const readinessOf = (
  model: ModelSpec,
  server: Server | undefined,
  runtime: ServingRuntime | undefined,
  origin: Origin | undefined,
): Decision<Probe> => {
  if (model.readiness != null && origin !== undefined) return given(model.readiness, origin)
  if (runtime?.spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined) === true)
    return decided(undefined, byDefault, { code: 'readiness-runtime' })
  if (server === undefined) return decided(undefined, byDefault, { code: 'readiness-port' })
  const { kind, subject, http, tls } = server
  const path = http ? kind.readyPath?.(model.name, subject.words) : undefined
  if (path === undefined || subject.port.container !== 'kserve-container')
    return decided(undefined, byDefault, { code: 'readiness-port' })
  const httpGet = { path, port: subject.port.number, ...(tls ? { scheme: 'HTTPS' } : {}) }
  return decided({ httpGet, periodSeconds: 5, timeoutSeconds: 5 }, byDefault, { code: 'readiness-asks' })
}
