import { parseReference, pullReference } from '../../oci/reference.ts'
import type { OtherImages, PlannedImage, PlannedModel, PlannedRuntime, WantedImage } from '../plan.ts'
import type { LockedImages } from './sources.ts'

/** The images of a workload, each once, what changes least first: KServe, runtimes, models, what sites add, the rest. */
export const workloadImages = (
  runtimes: readonly PlannedRuntime[],
  models: readonly PlannedModel[],
  other: OtherImages,
  locked: LockedImages | undefined,
  ofSites: readonly WantedImage[] = [],
): PlannedImage[] =>
  imageTable(
    [
      ...(other.controller === undefined ? [] : [{ reference: other.controller, why: 'KServe controller' }]),
      ...other.kserve,
      ...runtimes.flatMap(imagesOfRuntime),
      ...models.flatMap(({ images }) => images),
      ...ofSites,
      ...other.extra,
    ],
    locked,
  )

/** The images that a ServingRuntime asks for. */
export const imagesOfRuntime = ({ name, images }: PlannedRuntime): WantedImage[] =>
  images.map(({ container, image: { value } }) => ({ reference: value, why: `runtime ${name} (${container})` }))

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
