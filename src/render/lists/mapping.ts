import { type ImageList, once, type Place, pullAt, tagged } from './list.ts'

/**
 * `SOURCE=DESTINATION` a line, as `oc image mirror -f` takes it and a loop of `skopeo copy`. The destination is the name on the
 * device; with mirrors the place in the mirror, by a tag.
 */
export const mapping = ({ images, mirrors }: ImageList, place: Place): string =>
  once(images.map((image) => `${pullAt(image, mirrors, 'origin')}=${place === 'origin' ? image.reference : tagged(image, mirrors)}`))
    .map((line) => `${line}\n`)
    .join('')
