import { type Histogram, makeHistogram } from './histogram.ts'
import type { CheckResult } from './result.ts'

/** Rounds of the same checks: how often each failed, and how long it took. */
export interface Soak {
  readonly add: (result: CheckResult) => void
  /** Each check: its first failure if it has one, else its last result. */
  readonly results: () => CheckResult[]
}

export const makeSoak = (): Soak => {
  const checks = new Map<string, { result: CheckResult; rounds: number; failures: number; latency: Histogram }>()
  return {
    add: (result) => {
      const key = `${result.model} ${result.id}`
      const known = checks.get(key) ?? { result, rounds: 0, failures: 0, latency: makeHistogram() }
      const isBad = result.verdict === 'fail' || result.verdict === 'unreachable'
      if (known.failures === 0) known.result = result
      known.rounds++
      if (isBad) known.failures++
      if (result.seconds !== undefined) known.latency.add(result.seconds)
      checks.set(key, known)
    },
    results: () =>
      [...checks.values()].map(({ result, rounds, failures, latency }) =>
        latency.count() === 0 ? result : { ...result, soak: { rounds, failures, latency: latency.latency() } },
      ),
  }
}

/**
 * Reads a duration: `90s`, `10m`, `2h`, or seconds.
 *
 * @returns seconds; undefined for what is none
 */
export const parseDuration = (text: string): number | undefined => {
  const [, number, unit = 's'] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)?$/.exec(text) ?? []
  return number === undefined ? undefined : Number(number) * ({ ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }[unit] ?? 1)
}
