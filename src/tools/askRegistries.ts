import { setTimeout as sleep } from 'node:timers/promises'
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
  const slots = semaphore(options.concurrency)
  const closedUntil = new Map<string, number>()
  return async (source, what) => {
    const registry = /^docker:\/\/([^/]+)/.exec(source)?.[1] ?? ''
    for (let attempt = 1; ; attempt++) {
      const result = await slots(async () => {
        await sleep(Math.max(0, (closedUntil.get(registry) ?? 0) - Date.now()))
        return inspectRaw(source, what, options)
      })
      if (result.ok) return result.stdout
      const failure = failureOf(result.stderr, result.timedOut, options.timeout / 1000)
      if (failure.kind !== 'passing' || attempt >= options.attempts) throw new AskError(failure, attempt)
      const until = Date.now() + options.pause * 2 ** (attempt - 1)
      closedUntil.set(registry, Math.max(until, closedUntil.get(registry) ?? 0))
    }
  }
}

/** Runs so many at a time, the rest in their order. */
const semaphore = (count: number): (<T>(action: () => Promise<T>) => Promise<T>) => {
  const waiting: (() => void)[] = []
  let free = count
  return async (action) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await action()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  }
}
