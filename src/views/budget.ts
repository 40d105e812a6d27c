import type { PlannedImage } from '../plan/plan.ts'

/** What images cost to fetch and to keep. All sizes are bytes, compressed as registries store them, unless they say otherwise. */
export interface Budget {
  /** What a registry sends for all of them for linux/amd64: a layer that several have comes once. */
  readonly download: number
  /** The same with every architecture of each index, as the image build embeds them: an upper bound, since the lock holds no layers of other architectures. */
  readonly allArchitectures: number
  /** The largest one alone. */
  readonly largest: number
  /** All layers unpacked; absent where registries do not tell, which is the rule. */
  readonly unpacked?: number
  /** References whose size nobody knows: they are not in any sum. */
  readonly unknown: readonly string[]
}

/** What one of several images costs. */
export interface ImageCost {
  readonly size: number
  /** How much of that are layers that another of the images has too. */
  readonly shared: number
}

/**
 * Sums up images, from the lock.
 *
 * @returns undefined when no size is known
 */
export const budgetOf = (images: readonly PlannedImage[]): Budget | undefined => {
  // Two names of one digest are fetched once.
  const known = [
    ...new Map(
      images.flatMap(({ locked }) => (locked === undefined ? [] : [[locked.digest, locked] as const])),
    ).values(),
  ]
  if (known.length === 0) return undefined
  const layers = new Map(known.flatMap((image) => image.layers.map(({ digest, size }) => [digest, size] as const)))
  const rest = known.map((image) => image.size - sum(image.layers.map(({ size }) => size)))
  const download = sum([...layers.values()]) + sum(rest)
  const unknown = images
    .filter(({ locked, pullFrom }) => locked === undefined && pullFrom === undefined)
    .map(({ reference }) => reference)
  const unpacked = known.map((image) => image.unpacked)
  return {
    download,
    allArchitectures: download + sum(known.map(({ size, allSize = size }) => allSize - size)),
    largest: Math.max(...known.map(({ size }) => size)),
    ...(unknown.length === 0 && unpacked.every((bytes) => bytes !== undefined) ? { unpacked: sum(unpacked) } : {}),
    unknown,
  }
}

/**
 * What each image costs, in the order of the list; undefined where it is not known.
 *
 * @param images - those that are fetched together
 */
export const imageCosts = (images: readonly PlannedImage[]): (ImageCost | undefined)[] => {
  const users = new Map<string, Set<string>>()
  for (const { locked } of images)
    for (const { digest } of locked?.layers ?? [])
      users.set(digest, (users.get(digest) ?? new Set()).add(locked?.digest ?? ''))
  return images.map(({ locked }) =>
    locked === undefined
      ? undefined
      : {
          size: locked.size,
          shared: sum(locked.layers.filter(({ digest }) => (users.get(digest)?.size ?? 0) > 1).map(({ size }) => size)),
        },
  )
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0)
