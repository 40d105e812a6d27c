import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { blueprint } from './blueprint.ts'
import { hauler } from './hauler.ts'
import { imageset } from './imageset.ts'
import { json } from './json.ts'
import { fromRegistries, type ImageList, imageList, type Place } from './list.ts'
import { mapping } from './mapping.ts'
import { skopeoSync } from './skopeoSync.ts'
import { text } from './text.ts'
import { bundleLayout } from '../../layout.ts'

/** The lists of images: the format's name → its file in a bundle, and what makes it. */
export const lists = {
  text: { file: 'images.txt', render: (list, place) => text(fromRegistries(list), place) },
  json: { file: 'images.json', render: json },
  mapping: { file: 'mapping.txt', render: (list, place) => mapping(fromRegistries(list), place) },
  'skopeo-sync': { file: 'skopeo-sync.yaml', render: (list, place) => skopeoSync(fromRegistries(list), place) },
  imageset: { file: 'imageset.yaml', render: (list, place) => imageset(fromRegistries(list), place) },
  blueprint: { file: 'blueprint.toml', render: (list, place) => blueprint(fromRegistries(list), place) },
  hauler: { file: 'hauler.yaml', render: (list, place) => hauler(fromRegistries(list), place) },
} satisfies Record<string, { readonly file: string; readonly render: (list: ImageList, place: Place) => string }>

export type ListFormat = keyof typeof lists

/** All lists as files of a bundle; with mirrors once more, as the mirrors have the images. */
export function* imageLists(plan: Plan): Iterable<File> {
  const list = imageList(plan)
  for (const { file, render } of Object.values(lists))
    yield { path: bundleLayout.imageList(file), content: render(list, 'origin') }
  if (plan.mirrors.length === 0) return
  for (const { file, render } of Object.values(lists))
    yield { path: bundleLayout.mirroredImageList(file), content: render(list, 'mirrored') }
}
