import { type Histogram, makeHistogram } from './histogram.ts'
import type { DeviceResult, Latency } from './result.ts'

/** How many devices came to what. */
export interface Counts {
  pass: number
  fail: number
  unreachable: number
}

/** What a run came to; it grows with sites, causes and checks, not with devices. */
export interface Summary {
  readonly devices: Counts
  /** By site; the base is the empty name. */
  readonly sites: Readonly<Record<string, Counts>>
  /** How many devices have a check that ended for that cause. */
  readonly causes: Readonly<Record<string, number>>
  /** By `MODEL ID`: how long good answers took. */
  readonly checks: Readonly<Record<string, { readonly count: number; readonly sum: number; readonly latency: Latency }>>
  /** Devices that were not asked, or not to the end. */
  readonly left: number
}

export interface SummaryMaker {
  readonly add: (result: DeviceResult) => void
  /** @param total - how many devices there were to ask */
  readonly summary: (total: number) => Summary
}

export const makeSummary = (): SummaryMaker => {
  const devices: Counts = { pass: 0, fail: 0, unreachable: 0 }
  const sites = new Map<string, Counts>()
  const causes = new Map<string, number>()
  const checks = new Map<string, Histogram>()
  return {
    add: ({ site = '', verdict, checks: results }) => {
      devices[verdict]++
      const counts = sites.get(site) ?? { pass: 0, fail: 0, unreachable: 0 }
      counts[verdict]++
      sites.set(site, counts)
      for (const cause of new Set(results.flatMap(({ failure }) => failure?.cause ?? [])))
        causes.set(cause, (causes.get(cause) ?? 0) + 1)
      for (const { model, id, verdict: good, seconds } of results) {
        if (good !== 'pass' || seconds === undefined) continue
        const histogram = checks.get(`${model} ${id}`) ?? makeHistogram()
        histogram.add(seconds)
        checks.set(`${model} ${id}`, histogram)
      }
    },
    summary: (total) => ({
      devices,
      sites: Object.fromEntries([...sites].sort(([a], [b]) => (a < b ? -1 : 1))),
      causes: Object.fromEntries([...causes].sort(([, a], [, b]) => b - a)),
      checks: Object.fromEntries(
        [...checks].map(([name, histogram]) => [
          name,
          { count: histogram.count(), sum: histogram.sum(), latency: histogram.latency() },
        ]),
      ),
      left: total - devices.pass - devices.fail - devices.unreachable,
    }),
  }
}
