import { type Finding, finding } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { formatLabel, formatsOf, recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { PlannedAccelerator, WorkloadParts } from '../../workloads/workload.ts'
import { type Decision, decided, given, type Origin } from '../decision.ts'
import type { AvailableRuntime } from '../runtimes.ts'
import type { PlacedModel } from './placedModel.ts'
import { selectRuntime, whyUnfit } from './selectRuntime.ts'

export interface ChosenRuntime {
  readonly runtime?: AvailableRuntime
  /** Its name, and why it is that one. */
  readonly decision?: Decision<string>
  readonly findings: readonly Finding[]
}

/**
 * The ServingRuntime of a model: the one that the spec names, if it can serve the model, or the one that fits.
 *
 * @param available - all there are
 */
export const chooseRuntime = (
  { value: model, pointer, originOf }: PlacedModel,
  format: WorkloadParts['format'],
  accelerator: PlannedAccelerator | undefined,
  available: readonly AvailableRuntime[],
): ChosenRuntime => {
  const runtimes = available.map(({ object }) => object)
  const pointerOf = (field: string) => originOf(field)?.pointer ?? `${pointer}/${field}`
  const choose = (runtime: ServingRuntime, decision: Decision<string>, findings: readonly Finding[]): ChosenRuntime => {
    const found = available.find(({ object }) => object === runtime)
    return { ...(found === undefined ? {} : { runtime: found }), decision, findings }
  }
  const named = originOf('runtime')
  if (typeof model.runtime === 'string' && named !== undefined) {
    const at = named.pointer
    const runtime = runtimes.find(({ metadata }) => metadata.name === model.runtime)
    if (runtime === undefined)
      return {
        findings: [
          finding(
            'runtime-unknown',
            { runtime: model.runtime, known: runtimes.map(({ metadata }) => metadata.name) },
            at,
          ),
        ],
      }
    const why = whyUnfit(runtime, format)
    if (why !== undefined) return { findings: [finding('runtime-unfit', { runtime: model.runtime, why }, at)] }
    const recommended = recommendedAccelerators(runtime)
    const unused = accelerator !== undefined && !recommended.includes(accelerator.identifier)
    return choose(
      runtime,
      given(model.runtime, named),
      unused
        ? [
            finding(
              'accelerator-unused',
              { runtime: model.runtime, accelerator: accelerator.identifier, recommended },
              pointerOf('accelerator'),
            ),
          ]
        : [],
    )
  }
  const selection = selectRuntime(runtimes, {
    format,
    ...(accelerator === undefined ? {} : { accelerator: accelerator.identifier }),
  })
  if (selection.kind === 'one') {
    const { name } = selection.runtime.metadata
    const found = available.find(({ object }) => object === selection.runtime)
    const origin: Origin = { from: found?.own === true ? 'file' : 'payload', file: found?.file ?? '' }
    const args = {
      format: formatLabel(format),
      ...(accelerator === undefined ? {} : { accelerator: accelerator.identifier }),
    }
    return choose(selection.runtime, decided(name, origin, { code: 'runtime-fits', args }), [])
  }
  const args = {
    format: formatLabel(format),
    accelerator: accelerator?.identifier ?? 'none',
    candidates: selection.candidates,
  }
  return {
    findings: [
      selection.kind === 'several'
        ? finding('runtime-several-fit', { ...args, fitting: selection.fitting }, pointerOf('format'))
        : finding(
            'runtime-none-fits',
            { ...args, formats: [...new Set(runtimes.flatMap(formatsOf).map(({ name }) => name))] },
            pointerOf('format'),
          ),
    ],
  }
}
