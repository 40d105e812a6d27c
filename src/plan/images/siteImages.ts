import type { PlannedModel, PlannedRuntime, PlannedSite, WantedImage } from '../plan.ts'
import { imagesOfRuntime } from './table.ts'

/** More names than this say less than their number. */
const mostNamed = 3

/**
 * The images that sites need for models of their own, and what for: each reason names its sites, or how many they are.
 *
 * @param sites - all sites
 * @param base - the models without any site: what they need is needed anyway
 * @param runtimes - ServingRuntimes that only sites use
 */
export const siteImages = (
  sites: readonly PlannedSite[],
  base: readonly PlannedModel[],
  runtimes: readonly PlannedRuntime[],
): WantedImage[] => {
  const needed = new Set(base.flatMap(({ images }) => images.map(({ reference }) => reference)))
  const wanted = new Map<string, { image: WantedImage; sites: string[] }>()
  for (const site of sites) {
    for (const image of site.models.flatMap(({ images }) => images)) {
      if (needed.has(image.reference)) continue
      const key = `${image.reference} ${image.why}`
      const entry = wanted.get(key) ?? { image, sites: [] }
      entry.sites.push(site.name)
      wanted.set(key, entry)
    }
  }
  const ofRuntimes = runtimes.flatMap(imagesOfRuntime).map((image) => ({ ...image, why: `${image.why} of sites` }))
  return [
    ...ofRuntimes,
    ...[...wanted.values()].map(({ image, sites: names }) => ({
      ...image,
      why: `${image.why} at ${listSites(names)}`,
    })),
  ]
}

const listSites = (names: readonly string[]): string =>
  names.length <= mostNamed
    ? names.join(', ')
    : `${names.slice(0, mostNamed - 1).join(', ')} and ${names.length - mostNamed + 1} more sites`
