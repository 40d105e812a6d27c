import pLimit from 'p-limit'
import { backOff, retry } from '../basics/system/retry.ts'
import { sleep } from '../basics/system/sleep.ts'
import { failureOf, type RegistryFailure } from './registryFailure.ts'
import { inspectRaw, type SkopeoOptions } from './skopeo.ts'

/** How hard registries are asked. */
export interface AskOptions extends SkopeoOptions {
  /** Runs of skopeo at a time. */
  readonly concurrency: number
  /** How often a question is asked that fails in a way that may pass. */
  readonly attempts: number
  /** Milliseconds after the first failure; each wait is twice the one before. */
  readonly pause: number
}

/** A question that a registry did not answer. */
export class AskError extends Error {
  readonly failure: RegistryFailure
  readonly attempts: number
  constructor(failure: RegistryFailure, attempts: number) {
    super(failure.reason)
    this.failure = failure
    this.attempts = attempts
  }
}

/** Asks for a manifest or a configuration, as often as it takes. */
export type Ask = (source: string, what: 'manifest' | 'config') => Promise<Buffer>

/**
 * Makes what asks registries: a number of questions at a time, each again after failures that may pass. A registry that fails
 * (429 most of all) is left alone by all questions until the wait is over.
 *
 * @returns a function that throws AskError, or EnvironmentError without skopeo
 */
export const askRegistries = (options: AskOptions): Ask => {
  const slot = pLimit(options.concurrency)
  const closedUntil = new Map<string, number>()
  const once = async (source: string, what: 'manifest' | 'config', registry: string) => {
    await sleep((closedUntil.get(registry) ?? 0) - Date.now())
    const result = await inspectRaw(source, what, options)
    return result.ok ? result : failureOf(result.stderr, result.timedOut, options.timeout / 1000)
  }
  return async (source, what) => {
    const registry = /^docker:\/\/([^/]+)/.exec(source)?.[1] ?? ''
    let attempts = 0
    const result = await retry(
      async () => slot(async () => once(source, what, registry)),
      (failure, attempt) => {
        attempts = attempt
        if ('ok' in failure || failure.kind !== 'passing' || attempt >= options.attempts) return undefined
        const until = Date.now() + backOff(options.pause, attempt)
        closedUntil.set(registry, Math.max(until, closedUntil.get(registry) ?? 0))
        // It waits in its slot, as all questions to that registry do.
        return 0
      },
    )
    if ('ok' in result) return result.stdout
    throw new AskError(result, attempts)
  }
}
