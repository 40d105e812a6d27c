import type { Lock, LockedImage } from '../oci/lock.ts'
import { parseReference } from '../oci/reference.ts'
import { imagesOfRuntime } from '../plan/images/table.ts'
import type { Plan } from '../plan/plan.ts'

/** Whose tags are asked again: nobody's, everybody's, or those of one model, runtime or image. */
export type Update = false | true | { readonly name: string }

export interface LockWork {
  /** Entries that stay as they are. */
  readonly kept: readonly LockedImage[]
  /** What registries are asked about, with the entry there was. */
  readonly asked: readonly { readonly reference: string; readonly isModel: boolean; readonly before?: LockedImage }[]
  /** References of entries that nothing asks for any more. */
  readonly dropped: readonly string[]
}

/**
 * Decides what `edge lock` asks for: what the lock lacks, and the tags that are to be updated. A digest names the same bytes for
 * ever: its entry stays.
 *
 * @param plan - made without a lock: its images have the names that spec and payload give
 * @param lock - the lock so far
 * @param update - `--update`
 * @returns undefined when nothing has the name of `--update`
 */
export const lockWork = (plan: Plan, lock: Lock, update: Update): LockWork | undefined => {
  const entries = new Map(lock.images.map((image) => [image.reference, image]))
  const named = typeof update === 'object' ? imagesNamed(plan, update.name) : undefined
  if (named?.size === 0) return undefined
  const isAsked = (reference: string) =>
    update !== false && (named === undefined || named.has(reference)) && hasTag(reference)
  // What comes from an archive is named by its content already.
  const images = plan.images.filter(({ pullFrom }) => pullFrom === undefined)
  const references = images.map(({ reference }) => reference)
  const models = new Set(allModels(plan).map((model) => model.facts.source))
  return {
    kept: references.flatMap((reference) => (isAsked(reference) ? [] : (entries.get(reference) ?? []))),
    asked: images
      .filter(({ reference }) => isAsked(reference) || !entries.has(reference))
      .map((image) => {
        const before = entries.get(image.reference)
        return {
          reference: image.reference,
          isModel: models.has(image.reference),
          ...(before === undefined ? {} : { before }),
        }
      }),
    dropped: [...entries.keys()].filter((reference) => !references.includes(reference)),
  }
}

/** The names that `--update` takes. */
export const updateNames = (plan: Plan): string[] => [
  ...allModels(plan).map(({ name }) => name),
  ...allRuntimes(plan).map(({ name }) => name),
  ...plan.images.map(({ reference }) => reference),
]

const allModels = (plan: Plan) => [...plan.models, ...plan.sites.flatMap(({ models }) => models)]
const allRuntimes = (plan: Plan) => [...plan.runtimes, ...plan.siteRuntimes]

const imagesNamed = (plan: Plan, name: string): Set<string> =>
  new Set([
    ...plan.images.filter(({ reference }) => reference === name).map(({ reference }) => reference),
    ...allModels(plan)
      .filter((model) => model.name === name)
      .map((model) => model.facts.source),
    ...allRuntimes(plan)
      .filter((runtime) => runtime.name === name)
      .flatMap(imagesOfRuntime)
      .map(({ reference }) => reference),
  ])

const hasTag = (reference: string): boolean => {
  const parsed = parseReference(reference)
  return parsed.ok && parsed.reference.digest === undefined
}
