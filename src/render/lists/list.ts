import { type Budget, budgetOf, imageCosts } from '../../views/budget.ts'
import { atMirror, type Mirror } from '../../oci/mirrors.ts'
import { isDigest, parseReference } from '../../oci/reference.ts'
import type { Plan, PlannedArchive } from '../../plan/plan.ts'

/** An image in a list. */
export interface ListedImage {
  /** Its name on the device: as manifests ask for it. */
  readonly reference: string
  readonly digest?: string
  /** What a registry is asked for, where that is not the name. */
  readonly pull?: string
  /** The tag that the lock put a digest in the place of. */
  readonly locked?: string
  /** Bytes that a registry sends for it, and how many of them are layers of others too. */
  readonly size?: number
  readonly shared?: number
  /** The archive that it is taken from; absent where a registry has it. */
  readonly pullFrom?: PlannedArchive
  readonly why: readonly string[]
}

/** What every list is made from: of a plan, or of a bundle on disk. */
export interface ImageList {
  readonly images: readonly ListedImage[]
  readonly mirrors: readonly Mirror[]
  /** Absent when no size is known. */
  readonly budget?: Budget
}

/** The images of a plan as a list. */
export const imageList = ({ images, mirrors }: Pick<Plan, 'images' | 'mirrors'>): ImageList => {
  const costs = imageCosts(images)
  const budget = budgetOf(images)
  return {
    images: images.map(({ reference, digest, pull, pullFrom, locked, why }, index) => ({
      reference,
      ...(digest === undefined ? {} : { digest }),
      ...(pull === reference ? {} : { pull }),
      ...(locked === undefined || locked.reference === reference ? {} : { locked: locked.reference }),
      ...(pullFrom === undefined ? {} : { pullFrom }),
      ...costs[index],
      why,
    })),
    mirrors,
    ...(budget === undefined ? {} : { budget }),
  }
}

/** The images that registries have: what comes from an archive, no tool can fetch or mirror. */
export const fromRegistries = (list: ImageList): ImageList => ({
  ...list,
  images: list.images.filter(({ pullFrom }) => pullFrom === undefined),
})

/** Whether a list names images where they come from, or where the spec's mirrors have them. */
export type Place = 'origin' | 'mirrored'

/** What is pulled for an image, at its place. */
export const pullAt = (
  { reference, pull = reference }: ListedImage,
  mirrors: readonly Mirror[],
  place: Place,
): string => (place === 'mirrored' ? (atMirror(pull, mirrors) ?? pull) : pull)

/** Each text once, in the order of first mention. */
export const once = (texts: readonly string[]): string[] => [...new Set(texts)]

/**
 * Where an image goes in a registry: by a tag, since tools that copy take no digest there. The image's own tag; else one made
 * from its digest, so that a registry's garbage collection keeps it.
 */
export const tagged = ({ reference, locked = reference, digest }: ListedImage, mirrors: readonly Mirror[]): string => {
  const parsed = parseReference(locked)
  if (!parsed.ok) return reference
  const { registry, repository, tag } = parsed.reference
  const name = atMirror(`${registry}/${repository}`, mirrors) ?? `${registry}/${repository}`
  const made = digest !== undefined && isDigest(digest) ? digest.split(':')[1]?.slice(0, 12) : undefined
  return `${name}:${tag ?? made ?? 'latest'}`
}
