import { createHash } from 'node:crypto'
import { imagesOfRuntime, workloadImages } from '../plan/images/table.ts'
import type { Plan, PlannedImage, PlannedModel } from '../plan/plan.ts'
import { resolveSite } from '../plan/sites/resolveSite.ts'

/** What an image is for: the order of the layers, what changes least first. */
export const embedGroups = ['kserve', 'runtime', 'extra', 'model'] as const
export type EmbedGroup = (typeof embedGroups)[number]

/** An image that travels in the bootc image. */
export interface EmbeddedImage extends PlannedImage {
  readonly group: EmbedGroup
  /** Name of its directory: sha256 of the reference and a newline, as MicroShift's own copy script has it. facts/bootc.md. */
  readonly directory: string
}

/**
 * The images that the bootc image brings, from the image table: those of the base, of one site, or of all sites, less what
 * `embed` leaves out. MicroShift's own (`core`) are not among them: the build reads their list.
 *
 * @param plan - the plan
 * @returns in the order of the layers
 */
export const embeddedImages = (plan: Plan): EmbeddedImage[] => {
  const { runtimes, models } = plan.bootc.embed
  const groupOf = groups(plan)
  const images = imagesOfBuild(plan).map((image): EmbeddedImage => ({
    ...image,
    group: groupOf(image.reference),
    directory: directoryOf(image.reference),
  }))
  const kept = images.filter(({ group }) => (group !== 'runtime' || runtimes) && (group !== 'model' || models))
  return embedGroups.flatMap((group) => kept.filter((image) => image.group === group))
}

const imagesOfBuild = (plan: Plan): readonly PlannedImage[] => {
  const { sites } = plan.bootc
  if (sites.mode === 'all' || plan.sites.length === 0) return plan.images
  const site = sites.mode === 'one' ? plan.sites.find(({ name }) => name === sites.site) : undefined
  return site === undefined
    ? workloadImages(plan.runtimes, plan.models, plan.otherImages, plan.locked)
    : resolveSite(plan, site).images
}

/** The models of the base, of the one site, or of every site: whatever a device with this image may serve. */
export const modelsOfBuild = (plan: Plan): readonly PlannedModel[] => {
  const { sites } = plan.bootc
  if (sites.mode === 'all') return [...plan.models, ...plan.sites.flatMap((site) => site.models)]
  const site = sites.mode === 'one' ? plan.sites.find(({ name }) => name === sites.site) : undefined
  return site === undefined ? plan.models : resolveSite(plan, site).models
}

/** An image that is wanted for more than one thing goes with what changes least. */
const groups = (plan: Plan): ((reference: string) => EmbedGroup) => {
  const kserve = new Set([plan.otherImages.controller, ...plan.otherImages.kserve.map(({ reference }) => reference)])
  const runtimes = new Set(
    [...plan.runtimes, ...plan.siteRuntimes].flatMap(imagesOfRuntime).map(({ reference }) => reference),
  )
  const models = new Set(modelsOfBuild(plan).map(({ facts }) => facts.source))
  return (reference) =>
    kserve.has(reference) ? 'kserve' : runtimes.has(reference) ? 'runtime' : models.has(reference) ? 'model' : 'extra'
}

const directoryOf = (reference: string): string => createHash('sha256').update(`${reference}\n`).digest('hex')
