import { type Finding, finding, type Location } from '../findings/finding.ts'
import type { ArchiveBesideSpec } from '../oci/archive.ts'
import { isPulledAlways, parseReference } from '../oci/reference.ts'
import { pointerStep } from '../yaml/locate.ts'
import { containersOf } from '../payload/servingRuntime.ts'
import type { PlannedArchive, PlannedImage, PlannedModel, PlannedRuntime } from './plan.ts'

/** The user's replacements (spec.images) and the release-info, and what was looked up in them. */
export interface ImageSources {
  readonly overrides: ReadonlyMap<string, string>
  readonly releaseInfo: ReadonlyMap<string, string>
  /** Archives that models come from, by source. */
  readonly archives: ReadonlyMap<string, ArchiveBesideSpec>
  /** Every placeholder and reference that something asked for. */
  readonly asked: Set<string>
}

export interface ResolvedImage {
  /** What a manifest is to say; absent when there is none. */
  readonly reference?: string
  readonly findings: readonly Finding[]
}

/**
 * Checks a reference that a manifest is to name, after spec.images had its say.
 *
 * @param asked - a reference, or a key of spec.images
 * @param by - who asks, for messages
 * @param at - where
 */
export const resolveReference = (asked: string, by: string, at: Location, sources: ImageSources): ResolvedImage => {
  const override = sources.overrides.get(asked)
  sources.asked.add(asked)
  const image = override ?? asked
  const place = override === undefined ? at : { pointer: `/spec/images${pointerStep(asked)}` }

  const replaced = override === undefined ? {} : { replaced: true }
  const parsed = parseReference(image)
  if (!parsed.ok) return { findings: [finding('bad-reference', { text: image, problem: parsed.problem }, place)] }
  const { digest } = parsed.reference
  if (isPulledAlways(parsed.reference)) return { reference: image, findings: [finding('image-latest', { image, by, ...replaced }, place)] }
  return { reference: image, findings: digest === undefined ? [finding('image-without-digest', { image, by, ...replaced }, place)] : [] }
}

/**
 * Finds the reference for a container of a ServingRuntime. In a payload its image is a placeholder, a key of the
 * release-info; spec.images may give a reference for the placeholder, or replace the one that the release-info gives.
 *
 * @param asked - a placeholder such as `ovms-image`, or a reference
 */
export const resolvePlaceholder = (asked: string, by: string, at: Location, sources: ImageSources): ResolvedImage => {
  const { overrides, releaseInfo } = sources
  sources.asked.add(asked)
  if (overrides.has(asked)) return resolveReference(asked, by, at, sources)
  const reference = releaseInfo.get(asked)
  if (reference !== undefined) return resolveReference(reference, by, at, sources)
  const parsed = parseReference(asked)
  if (!parsed.ok && parsed.problem.kind === 'no-registry' && !asked.includes('/')) {
    return { findings: [finding('image-placeholder', { image: asked, by, known: [...new Set([...releaseInfo.keys(), ...overrides.keys()])] }, at)] }
  }
  return resolveReference(asked, by, at, sources)
}

/** Where the reference for a container's image comes from: a replacement in the spec, the release-info, or the runtime itself. */
export const imageOrigin = (asked: string, { overrides, releaseInfo }: ImageSources, file: string): { pointer?: string; file?: string } => {
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
export const workloadImages = (runtimes: readonly PlannedRuntime[], models: readonly PlannedModel[], other: OtherImages, ofSites: readonly WantedImage[] = []): PlannedImage[] =>
  imageTable([
    ...(other.controller === undefined ? [] : [{ reference: other.controller, why: 'KServe controller' }]),
    ...other.kserve,
    ...runtimes.flatMap(({ name, object }) => containersOf(object).map((container) => ({ reference: container.image, why: `runtime ${name} (${container.name})` }))),
    ...models.map(modelImage),
    ...ofSites,
    ...other.extra,
  ])

export const modelImage = ({ name, storageUri, archive }: PlannedModel): WantedImage => ({ reference: storageUri.slice('oci://'.length), why: `model ${name}`, ...(archive === undefined ? {} : { pullFrom: archive }) })

/** Images as they are collected, each reference once with all its reasons, in the order of first mention. */
const imageTable = (wanted: readonly WantedImage[]): PlannedImage[] => {
  const table = new Map<string, string[]>()
  const archives = new Map(wanted.flatMap(({ reference, pullFrom }) => (pullFrom === undefined ? [] : [[reference, pullFrom]])))
  for (const { reference, why } of wanted) {
    const reasons = table.get(reference) ?? []
    if (!reasons.includes(why)) reasons.push(why)
    table.set(reference, reasons)
  }
  return [...table].map(([reference, why]) => {
    const parsed = parseReference(reference)
    const digest = parsed.ok ? parsed.reference.digest : undefined
    const pullFrom = archives.get(reference)
    return { reference, ...(digest === undefined ? {} : { digest }), ...(pullFrom === undefined ? {} : { pullFrom }), why }
  })
}
