import { sleep } from './sleep.ts'

/**
 * Does something, and again while that may help.
 *
 * @param act - told which attempt it is, from 1 on; a failure that may pass is a result, not an error
 * @param pauseAfter - milliseconds until the next attempt; undefined when the result stands
 * @param signal - ends the waiting, and with it the attempts
 * @returns the last result
 */
export const retry = async <T>(
  act: (attempt: number) => Promise<T>,
  pauseAfter: (result: T, attempt: number) => number | undefined,
  signal?: AbortSignal,
): Promise<T> => {
  for (let attempt = 1; ; attempt++) {
    const result = await act(attempt)
    const pause = signal?.aborted === true ? undefined : pauseAfter(result, attempt)
    if (pause === undefined) return result
    await sleep(pause, signal)
  }
}

/**
 * How long to wait after an attempt: each wait is twice the one before.
 *
 * @param first - the wait after the first attempt
 */
export const backOff = (first: number, attempt: number): number => first * 2 ** (attempt - 1)
