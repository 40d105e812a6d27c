import { readWhole } from '../bundle/read.ts'
import { InputError } from '../errors.ts'
import type { InputOptions } from '../input/load.ts'
import { sourceOf } from '../plan/model/source.ts'
import { type ImageList, imageList, type Place, pullAt } from '../render/lists/list.ts'
import { type ListFormat, lists } from '../render/lists/lists.ts'
import { bytesInWords } from '../render/bytes.ts'
import { columns } from '../report/columns.ts'
import { printable, type Printable } from '../report/printable.ts'
import type { Terminal } from '../report/log.ts'
import { loadPlan } from './loadPlan.ts'
import { type OutputOption, pairOutputs, writeOutputs } from './outputs.ts'

export interface ImagesOptions extends InputOptions {
  readonly outputs: readonly OutputOption[]
  /** Names images where the spec's mirrors have them. */
  readonly mirrored?: boolean
}

/** `edge images`: every image that the device needs, each with why, or as the lists that other tools take. */
export const images = async (bundle: string | undefined, options: ImagesOptions, terminal: Terminal): Promise<void> => {
  const list = await find(bundle, options, terminal)
  if (options.mirrored === true && list.mirrors.length === 0)
    throw new InputError('--mirrored says where mirrors have the images, and the spec names none', {
      help: 'spec.mirrors: {registry.redhat.io: mirror.local:5000/rh}',
    })
  const place: Place = options.mirrored === true ? 'mirrored' : 'origin'
  const reporters = Object.fromEntries(
    Object.entries(lists).map(([format, { render }]) => [format, () => printable(render(list, place))]),
  ) as Record<ListFormat, () => Printable>
  await writeOutputs(
    pairOutputs<ListFormat>(options.outputs, 'text'),
    { ...reporters, text: () => table(list, place) },
    terminal.colour.stdout,
  )
}

/** For people: name, size where it is known, and why. */
const table = ({ images: all, mirrors }: ImageList, place: Place): Printable => {
  const sized = all.some(({ size }) => size !== undefined)
  return columns(
    all.map((image) => [
      place === 'origin' ? image.reference : pullAt(image, mirrors, place),
      ...(sized ? [image.size === undefined ? '' : bytesInWords(image.size)] : []),
      `${image.why.join(', ')}${image.pullFrom === undefined ? '' : `; from ${sourceOf(image.pullFrom)}`}`,
    ]),
  )
}

const find = async (bundle: string | undefined, options: InputOptions, terminal: Terminal): Promise<ImageList> => {
  const hasSpec = options.filename !== undefined || options.example !== undefined
  if (bundle !== undefined && hasSpec) throw new InputError('give either a bundle or a spec, not both')
  if (bundle === undefined) return imageList((await loadPlan(options, terminal)).plan)
  const { images: all, mirrors = [], budget } = readWhole(bundle)
  return { images: all, mirrors, ...(budget === undefined ? {} : { budget }) }
}
