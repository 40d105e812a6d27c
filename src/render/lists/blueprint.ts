import { tomlQuote } from '../quote.ts'
import { type ImageList, type Place, pullAt } from './list.ts'

/** Containers of an Image Builder blueprint: osbuild.org, blueprint reference, containers. `name` is the name in the image. */
export const blueprint = ({ images, mirrors }: ImageList, place: Place): string =>
  images
    .map((image) => ({ source: pullAt(image, mirrors, place), name: image.reference }))
    .map(
      ({ source, name }) =>
        `[[containers]]\nsource = ${tomlQuote(source)}\n${source === name ? '' : `name = ${tomlQuote(name)}\n`}`,
    )
    .join('\n')
