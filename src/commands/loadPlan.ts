import { InputError } from '../errors.ts'
import { hasErrors } from '../findings/finding.ts'
import { type InputOptions, load, type Loaded } from '../input/load.ts'
import type { Plan } from '../plan/plan.ts'
import { countFindings, printFindings } from '../report/findings.ts'
import { log, type Terminal } from '../report/log.ts'

/**
 * Loads a plan for a command that works only on a good one: prints what was found, and refuses when there are errors.
 *
 * @throws InputError
 */
export const loadPlan = async (
  options: InputOptions,
  terminal: Terminal,
): Promise<{ plan: Plan; linesOf: Loaded['linesOf'] }> => {
  const { plan, findings, documents, linesOf } = await load(options)
  if (plan !== undefined) {
    const { payload, runtimes, models, images } = plan
    log(
      terminal,
      'debug',
      `payload ${payload.release ?? options.payload ?? 'of the spec'}, release base ${payload.base}; ${runtimes.length} runtimes in use, ${models.length} models, ${images.length} images`,
    )
  }
  printFindings(findings, documents, terminal)
  if (plan === undefined || hasErrors(findings))
    throw new InputError(countFindings(findings), { help: 'nothing was written' })
  return { plan, linesOf }
}
