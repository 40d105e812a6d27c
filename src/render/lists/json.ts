import { type ImageList, type Place, pullAt } from './list.ts'

/** Everything that is known of each image, and the sums. */
export const json = ({ images, mirrors, budget }: ImageList, place: Place): string =>
  `${JSON.stringify({ images: images.map((image) => (place === 'origin' ? image : { ...image, pull: pullAt(image, mirrors, place) })), ...(budget === undefined ? {} : { budget }) }, undefined, 2)}\n`
