import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { ArchiveBesideSpec } from '../../oci/archive.ts'
import type { Lock, LockedImage } from '../../oci/lock.ts'
import { isPulledAlways, parseReference, pullReference } from '../../oci/reference.ts'
import { pointerStep } from '../../yaml/locate.ts'
import { containersOf } from '../../payload/servingRuntime.ts'
import type { PlannedArchive, PlannedImage, PlannedModel, PlannedRuntime } from '../plan.ts'

/** The user's replacements (spec.images) and the release-info, and what was looked up in them. */
export interface ImageSources {
  readonly overrides: ReadonlyMap<string, string>
  readonly releaseInfo: ReadonlyMap<string, string>
  /** Archives that models come from, by source. */
  readonly archives: ReadonlyMap<string, ArchiveBesideSpec>
  /** Every placeholder and reference that something asked for. */
  readonly asked: Set<string>
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
  sources.asked.add(asked)
  const image = override ?? asked
  const place = override === undefined ? at : { pointer: `/spec/images${pointerStep(asked)}` }

  const replaced = override === undefined ? {} : { replaced: true }
  const parsed = parseReference(image)
  if (!parsed.ok) return { findings: [finding('bad-reference', { text: image, problem: parsed.problem }, place)] }
  const { digest } = parsed.reference
  const locked = sources.locked?.get(image)
  if (digest === undefined && locked !== undefined && manifest === 'ours')
    return { reference: pullReference(parsed.reference, locked.digest), locked: image, findings: [] }
  if (isPulledAlways(parsed.reference))
    return { reference: image, findings: [finding('image-latest', { image, by, ...replaced }, place)] }
  // With a lock, what it lacks is said once for each image: lockChecks.ts.
  return {
    reference: image,
    findings:
      digest === undefined && sources.locked === undefined
        ? [finding('image-without-digest', { image, by, ...replaced }, place)]
        : [],
  }
}

/**
 * Finds the reference for a container of a ServingRuntime. In a payload its image is a placeholder, a key of the
 * release-info; spec.images may give a reference for the placeholder, or replace the one that the release-info gives.
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
  const { overrides, releaseInfo } = sources
  sources.asked.add(asked)
  if (overrides.has(asked)) return resolveReference(asked, by, at, sources, manifest)
  const reference = releaseInfo.get(asked)
  if (reference !== undefined) return resolveReference(reference, by, at, sources, manifest)
  const parsed = parseReference(asked)
  if (!parsed.ok && parsed.problem.kind === 'no-registry' && !asked.includes('/')) {
    return {
      findings: [
        finding(
          'image-placeholder',
          { image: asked, by, known: [...new Set([...releaseInfo.keys(), ...overrides.keys()])] },
          at,
        ),
      ],
    }
  }
  return resolveReference(asked, by, at, sources, manifest)
}

/** Where the reference for a container's image comes from: a replacement in the spec, the release-info, or the runtime itself. */
export const imageOrigin = (
  asked: string,
  { overrides, releaseInfo }: ImageSources,
  file: string,
): { pointer?: string; file?: string } => {
  const key = overrides.has(asked) ? asked : releaseInfo.get(asked)
  if (key !== undefined && overrides.has(key)) return { pointer: `/spec/images${pointerStep(key)}` }
  return releaseInfo.has(asked) ? { file } : {}
}

/** What a device needs images for, beside the models and their runtimes. */
export interface OtherImages {
  /** KServe's controller: the one image of KServe's that runs. facts/kserve.md, which images. */
  readonly controller?: string
  /** The rest of KServe's, with `embed: {kserve: all}`. */
  readonly kserve: readonly WantedImage[]
  readonly extra: readonly WantedImage[]
}

/** An image that something asks for. */
export interface WantedImage {
  readonly reference: string
  readonly why: string
  /** Absent where a registry has it. */
  readonly pullFrom?: PlannedArchive
}

/** The images of a workload, each once, what changes least first: KServe, runtimes, models, what sites add, the rest. */
export const workloadImages = (
  runtimes: readonly PlannedRuntime[],
  models: readonly PlannedModel[],
  other: OtherImages,
  locked: LockedImages | undefined,
  ofSites: readonly WantedImage[] = [],
): PlannedImage[] => {
  const wanted = [
    ...(other.controller === undefined ? [] : [{ reference: other.controller, why: 'KServe controller' }]),
    ...other.kserve,
    ...runtimes.flatMap(({ name, object }) =>
      containersOf(object).map((container) => ({
        reference: container.image,
        why: `runtime ${name} (${container.name})`,
      })),
    ),
    ...models.map(modelImage),
    ...ofSites,
    ...other.extra,
  ]
  return imageTable(wanted, locked)
}

export const modelImage = ({ name, storageUri, archive }: PlannedModel): WantedImage => ({
  reference: storageUri.slice('oci://'.length),
  why: `model ${name}`,
  ...(archive === undefined ? {} : { pullFrom: archive }),
})

/** Images as they are collected, each reference once with all its reasons, in the order of first mention. */
const imageTable = (wanted: readonly WantedImage[], locked: LockedImages | undefined): PlannedImage[] => {
  const table = new Map<string, string[]>()
  const archives = new Map(
    wanted.flatMap(({ reference, pullFrom }) => (pullFrom === undefined ? [] : [[reference, pullFrom]])),
  )
  for (const { reference, why } of wanted) {
    const reasons = table.get(reference) ?? []
    if (!reasons.includes(why)) reasons.push(why)
    table.set(reference, reasons)
  }
  return [...table].map(([reference, why]) => {
    const parsed = parseReference(reference)
    const pullFrom = archives.get(reference)
    const entry = pullFrom === undefined ? locked?.get(reference) : undefined
    const digest = (parsed.ok ? parsed.reference.digest : undefined) ?? entry?.digest
    const pull = parsed.ok ? pullReference(parsed.reference, digest) : reference
    return {
      reference,
      ...(digest === undefined ? {} : { digest }),
      pull,
      ...(pullFrom === undefined ? {} : { pullFrom }),
      ...(entry === undefined ? {} : { locked: entry }),
      why,
    }
  })
}
