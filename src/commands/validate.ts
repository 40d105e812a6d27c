import { readBundle } from '../bundle/read.ts'
import { InputError } from '../errors.ts'
import { type Documents, type Finding, hasErrors } from '../findings/finding.ts'
import { type InputOptions, load } from '../input/load.ts'
import { countFindings } from '../report/findings.ts'
import { reportJson } from '../report/json.ts'
import { locateFindings } from '../report/located.ts'
import { log, type Terminal } from '../report/log.ts'
import { reportText } from '../report/text.ts'
import { type OutputOption, pairOutputs, writeOutputs } from './outputs.ts'

export const validateFormats = ['text', 'json'] as const

/** `edge validate`: what is wrong with a spec, or with a bundle; nothing is written. */
export const validate = async (
  bundle: string | undefined,
  options: InputOptions & { readonly outputs: readonly OutputOption[] },
  terminal: Terminal,
): Promise<void> => {
  const { findings, documents } = await find(bundle, options)
  const located = locateFindings(findings, documents)
  const reporters = {
    text: (colour: boolean) => reportText(located, colour),
    json: () => reportJson({ findings: located.map(({ source: _, ...found }) => found) }),
  }
  await writeOutputs(
    pairOutputs<(typeof validateFormats)[number]>(options.outputs, 'text'),
    reporters,
    terminal.colour.stdout,
  )
  log(terminal, 'info', findings.length === 0 ? 'no findings' : countFindings(findings))
  if (hasErrors(findings)) process.exitCode = 1
}

const find = async (
  bundle: string | undefined,
  options: InputOptions,
): Promise<{ findings: readonly Finding[]; documents: Documents }> => {
  const hasSpec = options.filename !== undefined || options.example !== undefined
  if (bundle !== undefined && hasSpec) throw new InputError('give either a bundle or a spec, not both')
  if (bundle === undefined && !hasSpec)
    throw new InputError('nothing to validate is given', { help: 'give -f edge.yaml, or the directory of a bundle' })
  return bundle === undefined
    ? load(options)
    : { findings: readBundle(bundle).findings, documents: { name: () => bundle, text: () => undefined } }
}
