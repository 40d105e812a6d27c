import type { Latency } from './result.ts'

/** Each bucket is a twentieth wider than the one before: percentiles are right within 5 %. */
const growth = Math.log(1.05)
const smallest = 0.0001

/** Durations, counted in buckets: memory does not grow with their number. */
export interface Histogram {
  readonly add: (seconds: number) => void
  readonly count: () => number
  readonly sum: () => number
  readonly latency: () => Latency
}

export const makeHistogram = (): Histogram => {
  const buckets: number[] = []
  let count = 0
  let sum = 0
  let max = 0
  const percentile = (share: number): number => {
    let left = Math.ceil(count * share)
    for (let index = 0; index < buckets.length; index++) {
      left -= buckets[index] ?? 0
      if (left <= 0) return Math.min(max, smallest * Math.exp((index + 1) * growth))
    }
    return max
  }
  return {
    add: (seconds) => {
      const index = Math.max(0, Math.floor(Math.log(seconds / smallest) / growth))
      while (buckets.length <= index) buckets.push(0)
      buckets[index] = (buckets[index] ?? 0) + 1
      count++
      sum += seconds
      max = Math.max(max, seconds)
    },
    count: () => count,
    sum: () => sum,
    latency: () => ({ p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99), max }),
  }
}
