import type { ClusterResult } from '../cluster/result.ts'
import { type CheckResult, type DeviceResult, verdictOf } from './result.ts'

/**
 * Adds what was found inside a device's cluster to what its models answered. It comes last: with `--wait` the models had
 * their time by then.
 *
 * @param outside - without checks where only the cluster is asked
 * @param look - asks the API server
 * @returns what is known, when it is interrupted; undefined when that is nothing
 */
export const withCluster = async (
  outside: DeviceResult,
  look: () => Promise<readonly ClusterResult[]>,
  signal: AbortSignal,
): Promise<DeviceResult | undefined> => {
  const start = performance.now()
  const found = await look()
  if (signal.aborted) return outside.checks.length === 0 ? undefined : outside
  const checks = [
    ...outside.checks,
    ...found.map(({ subject, ...result }): CheckResult => ({ model: subject, ...result })),
  ]
  return {
    ...outside,
    verdict: verdictOf(checks),
    seconds: outside.seconds + (performance.now() - start) / 1000,
    checks,
  }
}
