import type { ServingRuntime } from '../../kubernetes/types.ts'
import { servedPort } from '../../payload/servingRuntime.ts'
import { paths } from '../../probes/paths.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { Server } from '../server.ts'

/**
 * How the kubelet learns that the model, not only its server, is there: KServe's default asks whether the port is open,
 * which it is before the model is loaded. Sources: facts/kserve.md (default readiness), facts/model-servers.md.
 *
 * @returns the spec's probe; else one for a server that edge knows, unless the runtime has one of its own; undefined where
 * KServe's own or the runtime's stands
 */
export const planReadiness = (
  model: ModelSpec,
  runtime: ServingRuntime,
  server: Server,
): Readonly<Record<string, unknown>> | undefined => {
  if (model.readiness != null) return model.readiness
  const path = readyPath(model.name, runtime, server)
  const { port, container } = servedPort(runtime)
  const hasProbe = runtime.spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined)
  if (path === undefined || hasProbe || container !== 'kserve-container') return undefined
  return { httpGet: { path, port, ...(server.tls ? { scheme: 'HTTPS' } : {}) }, periodSeconds: 5, timeoutSeconds: 5 }
}

/** Where a server says without a key that the model is there. */
const readyPath = (name: string, runtime: ServingRuntime, { kind, http }: Server): string | undefined => {
  if (!http) return undefined
  if (kind === 'vllm') return paths.openAi.health
  const servesItsName = runtime.spec.containers.some(({ args = [] }) => args.includes('--model_name={{.Name}}'))
  return kind === 'ovms' && servesItsName ? paths.openInference.ready(name) : undefined
}
