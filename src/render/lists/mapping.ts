import { line } from '../quote.ts'
import { type Lines, lines } from '../write.ts'
import { type ImageList, once, type Place, pullAt, tagged } from './list.ts'

/**
 * `SOURCE=DESTINATION` a line, for loops of `skopeo copy`. The destination is the name on the device, which is no place to copy to;
 * with mirrors the place in the mirror, by a tag, as `oc image mirror -f` takes it.
 */
export const mapping = ({ images, mirrors }: ImageList, place: Place): Lines =>
  lines(
    once(
      images.map(
        (image) =>
          `${pullAt(image, mirrors, 'origin')}=${place === 'origin' ? image.reference : tagged(image, mirrors)}`,
      ),
    ).map(line),
  )
