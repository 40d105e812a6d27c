import { type Finding, finding, type Location } from '../../findings/finding.ts'
import { imagePlaces, type ImagePlace } from '../../kubernetes/imagePlaces.ts'
import { addedByKserve } from '../../workloads/kserve/addedImages.ts'
import { literalImage, type ImageSources } from './sources.ts'
import type { WantedImage } from '../plan.ts'

/** What objects and their controllers need, beyond what the image table has by itself. */
export interface ControllerImages {
  /** Reference of an image that a controller adds, by its key; undefined where nobody names it. */
  readonly referenceOf: (key: string) => string | undefined
  /** Whether the payload's release-info has kube-rbac-proxy. */
  readonly hasRbacProxy: boolean
}

/**
 * Every image that an object which stays as it is makes a device pull: what stands in it, and what controllers add.
 *
 * @param object - final
 * @param who - whose it is, for reasons and messages: `extra manifest dcgm.yaml`, `model granite`
 * @param detailed - whether a reason names the container
 * @param placeOf - where an image of it stands
 * @param skip - places that are decided elsewhere
 */
export const imagesOfObject = (
  object: unknown,
  who: string,
  placeOf: (place: ImagePlace | undefined) => Location,
  sources: ImageSources,
  controllers: ControllerImages,
  detailed = false,
  skip: (place: ImagePlace) => boolean = () => false,
): { images: WantedImage[]; findings: Finding[] } => {
  const found = imagePlaces(object)
    .filter((place) => !skip(place))
    .map((place) => ({ place, ...literalImage(place, who, placeOf(place), sources) }))
  const added = addedByKserve(object, controllers.hasRbacProxy).map((image) => ({
    ...image,
    reference: controllers.referenceOf(image.key),
  }))
  return {
    images: [
      ...found.flatMap(({ place, reference }) =>
        reference === undefined ? [] : [{ reference, why: detailed ? `${who} (${place.name})` : who }],
      ),
      ...added.flatMap(({ reference, key, for: wanted }) =>
        reference === undefined ? [] : [{ reference, why: `${who} (${key}, for ${wanted})` }],
      ),
    ],
    findings: [
      ...found.flatMap(({ findings }) => findings),
      ...added
        .filter(({ reference }) => reference === undefined)
        .map(({ key, for: wanted }) =>
          finding('image-added-unknown', { key, for: wanted, by: who }, placeOf(undefined)),
        ),
    ],
  }
}
