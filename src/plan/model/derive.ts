import type { EnvVar, ServingRuntime } from '../../kubernetes/types.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { AutoscalerClass, ModelFacts, PlannedVolume, WorkloadParts } from '../../workloads/workload.ts'
import { byDefault, type Decision, decided, given } from '../decision.ts'
import type { Server } from '../../servers/recognise.ts'
import type { PlacedModel } from './placedModel.ts'
import { readinessOf } from './readiness.ts'
import { autoscalerClassFor } from './replicas.ts'
import { sharedMemory } from './volumes.ts'

/** What follows from the rest of a model where the spec does not say it. */
export interface Derived {
  readonly autoscalerClass: Decision<AutoscalerClass>
  readonly strategy: Decision<WorkloadParts['strategy']>
  readonly readiness: Decision<Readonly<Record<string, unknown>> | undefined>
  /** The memory-backed /dev/shm, where the server needs one. */
  readonly shm?: PlannedVolume
  /** The argument that gives the model the name of the spec, for a server that has one. */
  readonly nameArgument?: string
  /** The variable of the API key, for a server that has one: never an argument, which every `ps` shows. */
  readonly keyVariable?: EnvVar
}

/** Before anything is known of the object. */
export const underived: Derived = {
  autoscalerClass: decided('none', byDefault, { code: 'replicas-default' }),
  strategy: decided('RollingUpdate', byDefault, { code: 'strategy-default' }),
  readiness: decided(undefined, byDefault, { code: 'readiness-port' }),
}

/**
 * Decides what the spec leaves open, from what is so of the object.
 *
 * @param facts - of the object so far
 * @param server - what serves the model, read from the same object; undefined where the runtime is not known
 * @param runtime - final; undefined where it is not known
 * @param base - the payload's release base
 */
export const derive = (
  { value: model, originOf }: PlacedModel,
  facts: ModelFacts,
  server: Server | undefined,
  runtime: ServingRuntime | undefined,
  base: string,
): Derived => {
  const shm = sharedMemory(model, server)
  const { apiKey, nameArgument } = server?.kind ?? {}
  return {
    autoscalerClass: decided(autoscalerClassFor(facts.replicas, base), byDefault, {
      code: 'autoscaler-base',
      args: { base },
    }),
    strategy: strategyOf(model, facts, originOf('strategy')),
    readiness: readinessOf(model, server, runtime, originOf('readiness')),
    ...(shm === undefined
      ? {}
      : { shm: { name: 'shm', mountPath: '/dev/shm', source: { emptyDir: { medium: 'Memory', sizeLimit: shm } } } }),
    ...(typeof model.servedName === 'string' && nameArgument !== undefined
      ? { nameArgument: `${nameArgument}=${model.servedName}` }
      : {}),
    ...(model.auth === undefined || apiKey === undefined
      ? {}
      : { keyVariable: { name: apiKey.variable, valueFrom: { secretKeyRef: model.auth.apiKeySecret } } }),
  }
}

/** With one device and a rolling update, the new pod waits for ever for the one that the old pod holds: facts/microshift.md, known problems. */
const strategyOf = (
  { strategy }: ModelSpec,
  { accelerators }: ModelFacts,
  origin: ReturnType<PlacedModel['originOf']>,
): Derived['strategy'] => {
  if (strategy != null && origin !== undefined) return given(strategy, origin)
  const [accelerator] = Object.keys(accelerators)
  return accelerator === undefined
    ? decided('RollingUpdate', byDefault, { code: 'strategy-default' })
    : decided('Recreate', byDefault, { code: 'strategy-accelerator', args: { accelerator } })
}
