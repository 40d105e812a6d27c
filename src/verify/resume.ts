import { closeSync, createReadStream, existsSync, openSync, readSync, statSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileError, InputError } from '../errors.ts'
import type { DeviceResult } from './result.ts'

/** A line of the file of `--resume`: a result, and what it is the result of. */
export interface JournalLine extends DeviceResult {
  /** Changes with the bundle, and with what is asked of it. */
  readonly run: string
}

export interface EarlierResults {
  /** Hosts that were good and are not asked again. */
  readonly good: ReadonlySet<string>
  /** How many were good for another bundle or other options, and are asked again. */
  readonly others: number
}

/**
 * Reads what an earlier run left: devices that were good for the same bundle and the same questions are not asked again. The
 * last line of a device counts; a line that was cut off counts nothing. A file that is not there is a run that begins.
 *
 * @param run - what is asked now
 * @param hosts - the devices of this run
 * @param onGood - told of each result that stands
 * @throws InputError for a file of something else
 */
export const readResults = async (
  path: string,
  run: string,
  hosts: ReadonlySet<string>,
  onGood: (result: DeviceResult) => void,
): Promise<EarlierResults> => {
  const last = new Map<string, JournalLine>()
  let lines = 0
  if (!existsSync(path)) return { good: new Set(), others: 0 }
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      if (line.trim() === '') continue
      lines++
      const result = parsed(line)
      if (result !== undefined && hosts.has(result.host)) last.set(result.host, result)
      if (lines > 1 && last.size === 0 && result === undefined)
        throw new InputError(`${path}:${lines}: this is no result of edge verify`, {
          help: 'give a file that an earlier run with --resume wrote, or one that is not there',
        })
    }
  } catch (error) {
    throw fileError(error, `cannot read ${path}`)
  }
  const passed = [...last.values()].filter(({ verdict }) => verdict === 'pass')
  const good = passed.filter((result) => result.run === run)
  for (const { run: _, ...result } of good) onGood(result)
  return { good: new Set(good.map(({ host }) => host)), others: passed.length - good.length }
}

/** What stands before the next line: nothing, or the end of a line that was cut off. */
export const lineEndOf = (path: string): string => {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return ''
  const file = openSync(path, 'r')
  try {
    const end = Buffer.alloc(1)
    readSync(file, end, 0, 1, size - 1)
    return end.toString() === '\n' ? '' : '\n'
  } finally {
    closeSync(file)
  }
}

const parsed = (line: string): JournalLine | undefined => {
  try {
    const value = JSON.parse(line) as Partial<Record<keyof JournalLine, unknown>> | null
    const isResult =
      typeof value?.host === 'string' &&
      typeof value.seconds === 'number' &&
      ['pass', 'fail', 'unreachable'].includes(value.verdict as string) &&
      Array.isArray(value.checks) &&
      value.checks.every(
        (check: unknown) =>
          typeof check === 'object' &&
          check !== null &&
          typeof (check as { model?: unknown }).model === 'string' &&
          typeof (check as { id?: unknown }).id === 'string',
      )
    return isResult ? (value as unknown as JournalLine) : undefined
  } catch {
    return undefined
  }
}
