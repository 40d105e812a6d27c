import type { ServingRuntime } from '../kubernetes/types.ts'
import { servedPort } from '../payload/servingRuntime.ts'
import type { ModelSpec } from '../spec/schema.ts'
import type { Server } from './server.ts'

export interface Readiness {
  /** Path that answers 200 once the model is there; absent for servers that edge does not know. */
  readonly readyPath?: string
  /** Absent where KServe's own or the runtime's stands. */
  readonly readinessProbe?: Readonly<Record<string, unknown>>
}

/**
 * How the kubelet learns that the model, not only its server, is there: KServe's default asks whether the port is open,
 * which it is before the model is loaded. Sources: facts/kserve.md (default readiness), facts/model-servers.md.
 *
 * @returns the spec's probe; else one for a server that edge knows, unless the runtime has one of its own
 */
export const planReadiness = (model: ModelSpec, runtime: ServingRuntime, server: Server): Readiness => {
  const path = readyPath(model.name, runtime, server)
  const own = model.readiness ?? undefined
  if (own !== undefined) return { ...path, readinessProbe: own }
  const { port, container } = servedPort(runtime)
  const hasProbe = runtime.spec.containers.some(({ readinessProbe }) => readinessProbe !== undefined)
  if (path.readyPath === undefined || hasProbe || container !== 'kserve-container') return path
  const probePath = server.kind === 'vllm' ? '/health' : path.readyPath
  return { ...path, readinessProbe: { httpGet: { path: probePath, port, ...(server.tls ? { scheme: 'HTTPS' } : {}) }, periodSeconds: 5, timeoutSeconds: 5 } }
}

/** Where a server says that the model is there. */
const readyPath = (name: string, runtime: ServingRuntime, server: Server): { readyPath?: string } => {
  if (server.kind === 'vllm') return { readyPath: '/v1/models' }
  const servesItsName = runtime.spec.containers.some(({ args = [] }) => args.includes('--model_name={{.Name}}'))
  return server.kind === 'ovms' && servesItsName ? { readyPath: `/v2/models/${name}/ready` } : {}
}
