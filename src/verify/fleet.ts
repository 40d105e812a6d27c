import type { HostedModel } from '../probes/document.ts'
import { CommandError } from '../errors.ts'
import { askDevice, type VerifyOptions } from './askDevice.ts'
import { sleep } from '../basics/system/sleep.ts'
import { type CheckResult, type Device, type DeviceResult, verdictOf } from './result.ts'
import { makeSoak } from './soak.ts'

export interface FleetOptions extends VerifyOptions {
  /** Devices that are asked at once. */
  readonly concurrency: number
  /** When that many devices are not good, no more are asked. */
  readonly maxFailures: number
  /** Seconds for which the checks are repeated. */
  readonly soak?: number
  /** Whether a device of which nothing can be asked is a bad one. */
  readonly mustAsk: boolean
  readonly modelsAt: (site: string | undefined) => readonly HostedModel[]
  readonly onCheck: (device: Device, result: CheckResult) => void
  readonly onWait: (device: Device, model: string, id: string, cause: string) => void
}

/**
 * Asks devices, some at once, and gives each device's results as they are complete. A device that does not answer costs its
 * own time-outs and nobody else's. Ends when the signal says so, without the devices that are not complete.
 *
 * @param devices - read one by one
 */
export async function* askFleet(
  devices: Iterable<Device>,
  options: FleetOptions,
  signal: AbortSignal,
): AsyncGenerator<DeviceResult> {
  const queue = devices[Symbol.iterator]()
  const ready: DeviceResult[] = []
  let bad = 0
  let working = 0
  let wake: () => void = () => undefined
  const work = async (): Promise<void> => {
    while (!signal.aborted && bad < options.maxFailures) {
      const { value, done } = queue.next() as IteratorResult<Device, undefined>
      if (done === true) return
      const result = await askOne(value, options, signal).catch((error: unknown) => {
        // What the environment or the bundle lacks, it lacks for all devices.
        if (error instanceof CommandError) throw error
        return notUnderstood(value, error)
      })
      if (result === undefined) continue
      if (result.verdict !== 'pass') bad++
      ready.push(result)
      wake()
    }
  }
  const failed: unknown[] = []
  for (; working < options.concurrency; working++) {
    void work()
      .catch((error: unknown) => failed.push(error))
      .finally(() => {
        working--
        wake()
      })
  }
  for (;;) {
    for (let result = ready.shift(); result !== undefined; result = ready.shift()) yield result
    if (failed.length > 0) throw failed[0]
    if (working === 0) return
    await new Promise<void>((resolve) => (wake = resolve))
  }
}

/** Between two rounds of a soak, in milliseconds: devices have other work too. */
const roundPause = 200

const askOne = async (
  device: Device,
  options: FleetOptions,
  signal: AbortSignal,
): Promise<DeviceResult | undefined> => {
  const start = performance.now()
  const until = start + (options.soak ?? 0) * 1000
  const soak = options.soak === undefined ? undefined : makeSoak()
  let checks: CheckResult[] = []
  for (;;) {
    const round: CheckResult[] = []
    for await (const result of askDevice(
      device,
      options.modelsAt(device.site),
      options,
      (model, id, cause) => options.onWait(device, model, id, cause),
      signal,
    )) {
      // What is interrupted says nothing of the device.
      if (signal.aborted) break
      options.onCheck(device, result)
      soak?.add(result)
      round.push(result)
    }
    const isAsked = round.some(({ verdict }) => verdict !== 'skip')
    if (options.mustAsk && !isAsked && !signal.aborted) round.push(nothingAsked(round))
    checks = soak === undefined ? round : soak.results()
    if (soak === undefined || !isAsked || signal.aborted || performance.now() >= until) break
    await sleep(Math.min(roundPause, until - performance.now()), signal)
  }
  if (signal.aborted && (soak === undefined || checks.length === 0)) return undefined
  return {
    ...device,
    verdict: verdictOf(checks),
    seconds: (performance.now() - start) / 1000,
    checks,
    ...(signal.aborted ? { partial: true } : {}),
  }
}

/** What a device answers is its own affair: the others are asked as if it had not. */
const notUnderstood = (device: Device, error: unknown): DeviceResult => ({
  ...device,
  verdict: 'fail',
  seconds: 0,
  checks: [
    {
      model: '-',
      id: 'NOT-UNDERSTOOD',
      verdict: 'fail',
      failure: {
        expected: 'answers that edge can work on',
        came: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
        answered: 'the server',
        cause: 'not-understood',
        means:
          'edge failed while it worked on an answer of this device: a defect of edge, which something odd in the answer brought out',
        try: 'look at what the model answers, and report it to the makers of edge',
        request: 'unknown',
      },
    },
  ],
})

/** A device of which nothing was asked is not good: nobody answered. */
const nothingAsked = (round: readonly CheckResult[]): CheckResult => ({
  model: round[0]?.model ?? '-',
  id: 'NOTHING-ASKED',
  verdict: 'unreachable',
  failure: {
    expected: 'a model that can be asked',
    came: round.length === 0 ? 'no model at this site' : `every check was left out: ${round[0]?.skip ?? ''}`,
    answered: 'nobody',
    cause: 'nothing-asked',
    means: 'nothing was asked of the device, so nothing is proven',
    try: 'give a model a Route, or ask on the device with --direct',
    request: 'none',
  },
})
