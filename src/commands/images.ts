import { readBundle } from '../bundle/read.ts'
import type { BundleManifest } from '../bundle/manifest.ts'
import { InputError } from '../errors.ts'
import { messageOf } from '../findings/finding.ts'
import type { InputOptions } from '../input/load.ts'
import { sourceOf } from '../plan/source.ts'
import { columns } from '../report/columns.ts'
import { reportJson } from '../report/json.ts'
import type { Terminal } from '../report/log.ts'
import { loadPlan } from './loadPlan.ts'
import { type OutputOption, pairOutputs, writeOutputs } from './outputs.ts'

export const imageFormats = ['text', 'json'] as const

/** `edge images`: every image that the device needs, each with why. */
export const images = async (bundle: string | undefined, options: InputOptions & { readonly outputs: readonly OutputOption[] }, terminal: Terminal): Promise<void> => {
  const list = await find(bundle, options, terminal)
  const reporters = {
    text: () => columns(list.map(({ reference, why, pullFrom }) => [reference, `${why.join(', ')}${pullFrom === undefined ? '' : `; from ${sourceOf(pullFrom)}`}`])),
    json: () => reportJson({ images: list }),
  }
  writeOutputs(pairOutputs<(typeof imageFormats)[number]>(options.outputs, 'text'), reporters, terminal.colour.stdout)
}

const find = async (bundle: string | undefined, options: InputOptions, terminal: Terminal): Promise<BundleManifest['images']> => {
  const hasSpec = options.filename !== undefined || options.example !== undefined
  if (bundle !== undefined && hasSpec) throw new InputError('give either a bundle or a spec, not both')
  if (bundle === undefined) return (await loadPlan(options, terminal)).plan.images
  const { manifest, findings } = readBundle(bundle)
  const [first] = findings
  if (manifest === undefined || first !== undefined) throw new InputError(`${bundle} is unfinished or damaged${first === undefined ? '' : `: ${messageOf(first)}`}`, { help: '`edge validate` lists all; the next `edge generate` mends it' })
  return manifest.images
}
