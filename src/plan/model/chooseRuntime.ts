import { type Finding, finding } from '../../findings/finding.ts'
import type { ServingRuntime } from '../../kubernetes/types.ts'
import { formatLabel, formatsOf, recommendedAccelerators } from '../../payload/servingRuntime.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator, PlannedModel } from '../plan.ts'
import { selectRuntime, whyUnfit } from './selectRuntime.ts'

/**
 * The ServingRuntime of a model: the one that the spec names, if it can serve the model, or the one that fits.
 *
 * @param runtimes - all there are
 * @param pointer - where the model is
 */
export const chooseRuntime = (
  model: ModelSpec,
  format: PlannedModel['format'],
  accelerator: PlannedAccelerator | undefined,
  runtimes: readonly ServingRuntime[],
  pointer: string,
): { runtime?: ServingRuntime; findings: Finding[] } => {
  if (typeof model.runtime === 'string') {
    const at = `${pointer}/runtime`
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
    return {
      runtime,
      findings: unused
        ? [
            finding(
              'accelerator-unused',
              { runtime: model.runtime, accelerator: accelerator.identifier, recommended },
              `${pointer}/accelerator`,
            ),
          ]
        : [],
    }
  }
  const selection = selectRuntime(runtimes, {
    format,
    ...(accelerator === undefined ? {} : { accelerator: accelerator.identifier }),
  })
  if (selection.kind === 'one') return { runtime: selection.runtime, findings: [] }
  const args = {
    format: formatLabel(format),
    accelerator: accelerator?.identifier ?? 'none',
    candidates: selection.candidates,
  }
  return {
    findings: [
      selection.kind === 'several'
        ? finding('runtime-several-fit', { ...args, fitting: selection.fitting }, `${pointer}/format`)
        : finding(
            'runtime-none-fits',
            { ...args, formats: [...new Set(runtimes.flatMap(formatsOf).map(({ name }) => name))] },
            `${pointer}/format`,
          ),
    ],
  }
}
