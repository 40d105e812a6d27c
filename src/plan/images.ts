import { type Finding, finding, type Location } from '../findings/finding.ts'
import { isPulledAlways, parseReference } from '../oci/reference.ts'
import { pointerStep } from '../yaml/locate.ts'
import type { PlannedImage } from './plan.ts'

/** The user's replacements (spec.images) and the release-info, and which replacements were used. */
export interface ImageSources {
  readonly overrides: ReadonlyMap<string, string>
  readonly releaseInfo: ReadonlyMap<string, string>
  /** Keys of `overrides` that something asked for. */
  readonly used: Set<string>
}

export interface ResolvedImage {
  /** What a manifest is to say; absent when there is none. */
  readonly reference?: string
  readonly digest?: string
  readonly findings: readonly Finding[]
}

/**
 * Finds the reference for what a container or a model asks for: the key of an image (a placeholder) or a reference.
 * spec.images wins over the release-info, and may replace what the release-info says.
 *
 * @param asked - a placeholder such as `ovms-image`, or a reference
 * @param by - who asks, for messages
 * @param at - where
 */
export const resolveImage = (asked: string, by: string, at: Location, { overrides, releaseInfo, used }: ImageSources): ResolvedImage => {
  let key = asked
  let place = at
  const override = () => {
    const replacement = overrides.get(key)
    if (replacement === undefined) return false
    used.add(key)
    place = { pointer: `/spec/images${pointerStep(key)}` }
    key = replacement
    return true
  }
  if (!override()) {
    key = releaseInfo.get(asked) ?? asked
    if (key !== asked) override()
  }

  const parsed = parseReference(key)
  if (!parsed.ok) {
    const isPlaceholder = key === asked && parsed.problem.kind === 'no-registry' && !asked.includes('/')
    const known = [...new Set([...releaseInfo.keys(), ...overrides.keys()])]
    return { findings: [isPlaceholder ? finding('image-placeholder', { image: asked, by, known }, place) : finding('bad-reference', { text: key, problem: parsed.problem }, place)] }
  }
  const { reference } = parsed
  const found = { reference: key, ...(reference.digest === undefined ? {} : { digest: reference.digest }) }
  if (isPulledAlways(reference)) return { ...found, findings: [finding('image-latest', { image: key, by }, place)] }
  if (reference.digest === undefined) return { ...found, findings: [finding('image-without-digest', { image: key, by }, place)] }
  return { ...found, findings: [] }
}

/** Images as they are collected, each reference once with all its reasons, in the order of first mention. */
export const imageTable = (wanted: readonly { readonly reference: string; readonly why: string }[]): PlannedImage[] => {
  const table = new Map<string, string[]>()
  for (const { reference, why } of wanted) {
    const reasons = table.get(reference) ?? []
    if (!reasons.includes(why)) reasons.push(why)
    table.set(reference, reasons)
  }
  return [...table].map(([reference, why]) => {
    const parsed = parseReference(reference)
    const digest = parsed.ok ? parsed.reference.digest : undefined
    return { reference, ...(digest === undefined ? {} : { digest }), why }
  })
}
