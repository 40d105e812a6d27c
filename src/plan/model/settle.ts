import { isSame } from '../../basics/same.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import type { EnvVar, InferenceService, ServingRuntime } from '../../kubernetes/types.ts'
import { describeServer, type Server } from '../../servers/recognise.ts'
import { kserve } from '../../workloads/kserve/kserve.ts'
import type { ModelFacts, WorkloadParts } from '../../workloads/workload.ts'
import type { ModelContext } from './context.ts'
import { derive, type Derived, underived } from './derive.ts'
import { type History, historyOf } from './history.ts'
import type { PlacedModel } from './placedModel.ts'

/** The rounds after which what follows from the object and what the object says agree; a patch that never does has its last word. */
const mostRounds = 3

/** A model's object, final, with what was read of it and how it came to be. */
export interface Made {
  readonly object: InferenceService
  /** As edge made it, before the patch. */
  readonly built: InferenceService
  readonly facts: ModelFacts
  readonly server?: Server
  readonly derived: Derived
  readonly history: History<InferenceService>
  readonly findings: readonly Finding[]
}

const noRuntime: ServingRuntime = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name: '' },
  spec: { containers: [] },
}

/**
 * Builds the object, lets the patch change it, and decides anew what follows from the object until the two agree: a patch that
 * adds an accelerator or TLS changes the strategy and the readiness probe, too.
 */
export const settle = (
  placed: PlacedModel,
  parts: (derived: Derived) => WorkloadParts,
  runtime: ServingRuntime | undefined,
  { applyJsonPatch, base }: ModelContext,
): Made => {
  const { patch = [], name } = placed.value
  const pointer = placed.originOf('patch')?.pointer ?? `${placed.pointer}/patch`
  const read = (object: InferenceService) => {
    const facts = kserve.read(object, runtime ?? noRuntime)
    return { facts, ...(runtime === undefined ? {} : { server: describeServer(facts.pod, []) }) }
  }
  const deriveFrom = ({ facts, server }: ReturnType<typeof read>) => derive(placed, facts, server, runtime, base)
  const make = (derived: Derived): Made => {
    const built = kserve.build(parts(derived))
    const patched =
      patch.length === 0 || applyJsonPatch === undefined
        ? { object: built, versions: [built], findings: [] }
        : applyJsonPatch(built, patch, `InferenceService ${name}`, pointer, (before, after) => {
            const problem = kserve.check(before, after)
            return (
              problem ??
              (derived.keyVariable === undefined || keeps(after as InferenceService, derived.keyVariable)
                ? undefined
                : { is: 'key-taken' })
            )
          })
    return { ...patched, built, derived, ...read(patched.object), history: historyOf(patched.versions, pointer) }
  }
  let made = make(deriveFrom(read(kserve.build(parts(underived)))))
  // Without a patch the object says what was decided.
  for (let round = 1; round < mostRounds && patch.length > 0; round++) {
    const derived = deriveFrom(made)
    if (isSame(derived, made.derived)) break
    made = make(derived)
  }
  if (patch.length === 0 || isSame(deriveFrom(made), made.derived)) return made
  const problem = finding(
    'patch-fails',
    { name: `InferenceService ${name}`, problem: { is: 'undoes-itself' } },
    pointer,
  )
  return { ...made, findings: [...made.findings, problem] }
}

const keeps = ({ spec }: InferenceService, key: EnvVar): boolean =>
  spec.predictor.model.env?.some((variable) => isSame(variable, key)) === true
