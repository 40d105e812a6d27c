import { line } from '../quote.ts'
import { type Lines, lines } from '../write.ts'
import { type ImageList, once, type Place, pullAt } from './list.ts'

/** A reference a line: what the device asks for; at mirrors, what is pulled there. */
export const text = ({ images, mirrors }: ImageList, place: Place): Lines =>
  lines(once(images.map((image) => (place === 'origin' ? image.reference : pullAt(image, mirrors, place)))).map(line))
