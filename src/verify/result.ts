/** What one check came to. */
export interface CheckResult {
  readonly model: string
  readonly id: string
  readonly verdict: 'pass' | 'fail' | 'unreachable' | 'skip'
  /** Of the last attempt. */
  readonly seconds?: number
  readonly attempts?: number
  /** Why it was not asked. */
  readonly skip?: string
  /** Not asked because the model has no Route. */
  readonly hidden?: boolean
  readonly failure?: CheckFailure
  /** Of many rounds: how many, how many failed, and how long they took. */
  readonly soak?: { readonly rounds: number; readonly failures: number; readonly latency: Latency }
}

export interface CheckFailure {
  readonly expected: string
  readonly came: string
  /** The router, the server, the connection, or nobody. */
  readonly answered: string
  readonly cause: string
  readonly means: string
  readonly try: string
  readonly request: string
}

/** Percentiles, in seconds. */
export interface Latency {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** A device as an inventory names it. */
export interface Device {
  /** An ADDR: address or name, with a port where it is not the scheme's own. */
  readonly host: string
  readonly site?: string
  readonly labels: Readonly<Record<string, string>>
}

/** What all checks of a device came to. */
export interface DeviceResult extends Device {
  readonly verdict: 'pass' | 'fail' | 'unreachable'
  /** Seconds that it took. */
  readonly seconds: number
  readonly checks: readonly CheckResult[]
  /** Interrupted before the end: it says nothing good. */
  readonly partial?: true
}

/** A device failed if a check did; else nobody answered if one was not answered. */
export const verdictOf = (checks: readonly CheckResult[]): DeviceResult['verdict'] =>
  checks.some(({ verdict }) => verdict === 'fail')
    ? 'fail'
    : checks.some(({ verdict }) => verdict === 'unreachable')
      ? 'unreachable'
      : 'pass'
