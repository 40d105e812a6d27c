import { tomlQuote } from '../quote.ts'
import { joined, type Toml, toml } from '../write.ts'
import { type ImageList, type Place, pullAt } from './list.ts'

/** Containers of an Image Builder blueprint: osbuild.org, blueprint reference, containers. `name` is the name in the image. */
export const blueprint = ({ images, mirrors }: ImageList, place: Place): Toml =>
  joined(
    images.map((image) => {
      const source = pullAt(image, mirrors, place)
      const name = source === image.reference ? toml`` : toml`name = ${tomlQuote(image.reference)}\n`
      return toml`[[containers]]\nsource = ${tomlQuote(source)}\n${name}`
    }),
    '\n',
  )
