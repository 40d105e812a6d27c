import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { ImagePlace } from '../../kubernetes/imagePlaces.ts'
import type { ArchiveBesideSpec } from '../../oci/archive.ts'
import type { Lock, LockedImage } from '../../oci/lock.ts'
import { isPulledAlways, parseReference, pullReference } from '../../oci/reference.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { Origin } from '../decision.ts'

/** Where references come from: the user's replacements (spec.images), the release-info, archives and the lock. */
export interface ImageSources {
  readonly overrides: ReadonlyMap<string, string>
  readonly releaseInfo: ReadonlyMap<string, string>
  /** Path of the release-info in the payload. */
  readonly releaseInfoFile: string
  /** Archives that models come from, by source. */
  readonly archives: ReadonlyMap<string, ArchiveBesideSpec>
  /** The lock's entries, by reference; absent without a lock. */
  readonly locked?: LockedImages
}

/** What the lock knows: an image by its name, and by the name that it has when it is pinned. */
export type LockedImages = ReadonlyMap<string, LockedImage>

/** Makes the entries of a lock easy to find. */
export const lockedImages = ({ images }: Lock): LockedImages =>
  new Map([
    ...images.map((image) => [pinnedName(image), image] as const).reverse(),
    ...images.map((image) => [image.reference, image] as const),
  ])

/** The name of a locked image in a manifest of edge's own. */
export const pinnedName = ({ reference, digest }: Pick<LockedImage, 'reference' | 'digest'>): string => {
  const parsed = parseReference(reference)
  return parsed.ok && parsed.reference.digest === undefined ? pullReference(parsed.reference, digest) : reference
}

export interface ResolvedImage {
  /** What a manifest is to say; absent when there is none. */
  readonly reference?: string
  /** What the lock put a digest in the place of. */
  readonly locked?: string
  /** Where the reference comes from; absent where it is what was asked for. */
  readonly origin?: Origin
  /** The placeholders and references that spec.images could have replaced. */
  readonly asked: readonly string[]
  readonly findings: readonly Finding[]
}

/**
 * Checks a reference that a manifest is to name, after spec.images had its say.
 *
 * @param asked - a reference, or a key of spec.images
 * @param by - who asks, for messages
 * @param at - where
 * @param manifest - `ours`: the manifest that names the image is written by edge, and names the digest of the lock;
 *   `others`: it stays as it is, and so does the image's name
 */
export const resolveReference = (
  asked: string,
  by: string,
  at: Location,
  sources: ImageSources,
  manifest: 'ours' | 'others' = 'others',
): ResolvedImage => {
  const override = sources.overrides.get(asked)
  if (override === undefined) return { ...resolveText(asked, by, at, sources, manifest), asked: [asked] }
  const pointer = `/spec/images${pointerStep(asked)}`
  return {
    ...resolveText(override, by, { pointer }, sources, manifest, { replaced: true }),
    origin: { from: 'spec', pointer },
    asked: [asked],
  }
}

const resolveText = (
  image: string,
  by: string,
  at: Location,
  sources: ImageSources,
  manifest: 'ours' | 'others',
  where: { readonly replaced?: true; readonly literal?: true } = {},
): Omit<ResolvedImage, 'asked'> => {
  const args = { image, by, ...where }
  const parsed = parseReference(image)
  if (!parsed.ok) return { findings: [finding('bad-reference', { text: image, problem: parsed.problem }, at)] }
  const { digest } = parsed.reference
  const locked = sources.locked?.get(image)
  if (digest === undefined && locked !== undefined && manifest === 'ours')
    return { reference: pullReference(parsed.reference, locked.digest), locked: image, findings: [] }
  if (isPulledAlways(parsed.reference)) return { reference: image, findings: [finding('image-latest', args, at)] }
  // With a lock, what it lacks is said once for each image: checkLock.ts.
  const isOpen = digest === undefined && sources.locked === undefined
  return { reference: image, findings: isOpen ? [finding('image-without-digest', args, at)] : [] }
}

/**
 * Finds the reference for an image of a ServingRuntime. In a payload its image is a placeholder, a key of the release-info;
 * spec.images may give a reference for the placeholder, or replace the one that the release-info gives.
 *
 * @param asked - a placeholder such as `ovms-image`, or a reference
 */
export const resolvePlaceholder = (
  asked: string,
  by: string,
  at: Location,
  sources: ImageSources,
  manifest: 'ours' | 'others' = 'others',
): ResolvedImage => {
  const { overrides, releaseInfo, releaseInfoFile } = sources
  if (overrides.has(asked)) return resolveReference(asked, by, at, sources, manifest)
  const reference = releaseInfo.get(asked)
  if (reference !== undefined) {
    const resolved = resolveReference(reference, by, at, sources, manifest)
    const origin: Origin = resolved.origin ?? { from: 'payload', file: releaseInfoFile }
    return { ...resolved, origin, asked: [asked, ...resolved.asked] }
  }
  const parsed = parseReference(asked)
  if (!parsed.ok && parsed.problem.kind === 'no-registry' && !asked.includes('/')) {
    const known = [...new Set([...releaseInfo.keys(), ...overrides.keys()])]
    return { asked: [asked], findings: [finding('image-placeholder', { image: asked, by, known }, at)] }
  }
  return resolveReference(asked, by, at, sources, manifest)
}

/**
 * Checks an image that stands in an object and stays as it is there: spec.images and the lock do not change it.
 *
 * @param by - who asks, for messages
 * @param at - where
 * @returns without a reference where there is none to pull
 */
export const literalImage = (
  { reference, kind, pullPolicy }: ImagePlace,
  by: string,
  at: Location,
  sources: ImageSources,
): Omit<ResolvedImage, 'asked'> => {
  if (kind === 'field' && !parseReference(reference).ok) return { findings: [] }
  const resolved = resolveText(reference, by, at, sources, 'others', { literal: true })
  if (pullPolicy === 'Always')
    return { ...resolved, findings: [finding('image-pull-always', { image: reference, by }, at)] }
  // A field of a kind that edge does not know may hold a picture's address: it is listed, and nothing is asked of it.
  const isKept = pullPolicy === 'IfNotPresent' || pullPolicy === 'Never' || kind === 'field'
  return isKept ? { ...resolved, findings: resolved.findings.filter(({ code }) => code !== 'image-latest') } : resolved
}
