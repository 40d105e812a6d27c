import { readWhole } from '../bundle/read.ts'
import type { BundleDecision } from '../bundle/manifest.ts'
import { InputError } from '../errors.ts'
import { didYouMean } from '../findings/near.ts'
import { reportJson } from '../report/json.ts'
import { printable } from '../report/printable.ts'
import { pointerWords } from '../yaml/locate.ts'
import type { Terminal } from '../report/log.ts'
import { type OutputOption, pairOutputs, writeOutputs } from './outputs.ts'

export const explainFormats = ['text', 'json'] as const

/** `edge explain BUNDLE MODEL`: each decision about a model, with where it comes from. */
export const explain = async (
  bundle: string,
  name: string,
  options: { readonly outputs: readonly OutputOption[] },
  terminal: Terminal,
): Promise<void> => {
  const manifest = readWhole(bundle)
  const model = manifest.models.find((one) => one.name === name)
  const known = manifest.models.map((one) => one.name)
  if (model === undefined)
    throw new InputError(`the bundle has no model "${name}"`, {
      help: didYouMean(name, known) ?? `models: ${known.join(', ') || 'none'}`,
    })
  const reporters = {
    text: () => printable(model.decisions.map(paragraph).join('')),
    json: () => reportJson({ model: name, decisions: model.decisions }),
  }
  await writeOutputs(
    pairOutputs<(typeof explainFormats)[number]>(options.outputs, 'text'),
    reporters,
    terminal.colour.stdout,
  )
}

/** A decision, and below it where it comes from and why. */
const paragraph = ({ what, value, from, pointer, line, file, why }: BundleDecision): string => {
  const place =
    pointer === undefined ? [] : [`spec${line === undefined ? '' : `, line ${line}`}: ${pointerWords(pointer)}`]
  return [
    `${what}: ${value}`,
    ...[
      ...place,
      ...(file === undefined ? [] : [`${from === 'file' ? 'file beside the spec' : 'payload'}: ${file}`]),
      ...(why === undefined ? [] : [why]),
    ].map((text) => `    ${text}`),
  ]
    .map((text) => `${text}\n`)
    .join('')
}
