import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { parseJson } from '../basics/json.ts'
import { isMap, type JsonMap } from '../basics/maps.ts'
import { fileError, InputError } from '../errors.ts'
import { isThere, openFile } from '../input/openFile.ts'
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

/** More than the results of a device take: 1,000 models with all that can be said about a failure have 2 MB. */
const longestLine = 2 ** 24

/**
 * Reads what an earlier run left: devices that were good for the same bundle and the same questions are not asked again. The
 * last line of a device counts; a line that was cut off counts nothing. A file that is not there is a run that begins.
 *
 * Every other line must be a result: the file is appended to, and that of somebody else never is.
 *
 * @param run - what is asked now
 * @param hosts - the devices of this run
 * @param onGood - told of each result that stands
 * @throws InputError for a file of something else
 */
export const readResults = (
  path: string,
  run: string,
  hosts: ReadonlySet<string>,
  onGood: (result: DeviceResult) => void,
): EarlierResults => {
  const last = new Map<string, JournalLine>()
  try {
    if (!isThere(path)) return { good: new Set(), others: 0 }
    for (const { line, number } of linesOf(path)) {
      if (line.trim() === '') continue
      const result = parsed(line)
      if (result === undefined && !isCutOff(line))
        throw new InputError(`${path}:${number}: this is no result of edge verify`, {
          help: 'give a file that an earlier run with --resume wrote, or one that is not there',
        })
      if (result !== undefined && hosts.has(result.host)) last.set(result.host, result)
    }
  } catch (error) {
    throw fileError(error, `cannot read ${path}`)
  }
  const passed = [...last.values()].filter(({ verdict }) => verdict === 'pass')
  const good = passed.filter((result) => result.run === run)
  for (const { run: _, ...result } of good) onGood(result)
  return { good: new Set(good.map(({ host }) => host)), others: passed.length - good.length }
}

/** The lines of a file, piece by piece, with their numbers from 1. */
function* linesOf(path: string): Iterable<{ readonly line: string; readonly number: number }> {
  const { file } = openFile(path)
  try {
    const decoder = new TextDecoder()
    const buffer = Buffer.allocUnsafe(2 ** 18)
    let rest = ''
    let number = 0
    for (let isEnd = false; !isEnd;) {
      const count = readSync(file, buffer)
      isEnd = count === 0
      const lines = decoder.decode(buffer.subarray(0, count), { stream: !isEnd }).split('\n')
      lines[0] = rest + (lines[0] ?? '')
      rest = lines.pop() ?? ''
      for (const line of lines) yield { line, number: ++number }
      if (rest.length > longestLine) throw new InputError(`${path}:${number + 1}: this line is longer than 16 MiB`)
    }
    if (rest !== '') yield { line: rest, number: number + 1 }
  } finally {
    closeSync(file)
  }
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

/** How every line begins: what begins so and is no JSON was cut off, by a run that was killed. */
const head = '{"'

const isCutOff = (line: string): boolean =>
  head.startsWith(line) || (line.startsWith(head) && parseJson(line) === undefined)

const parsed = (line: string): JournalLine | undefined => {
  const value = parseJson(line)
  return isResult(value) ? (value as unknown as JournalLine) : undefined
}

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => typeof value === 'number'
const isAbsentOr = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value)

const isResult = (value: unknown): value is JsonMap =>
  isMap(value) &&
  isText(value['run']) &&
  isText(value['host']) &&
  isAbsentOr(value['site'], isText) &&
  isMap(value['labels']) &&
  Object.values(value['labels']).every(isText) &&
  isNumber(value['seconds']) &&
  ['pass', 'fail', 'unreachable'].includes(value['verdict'] as string) &&
  Array.isArray(value['checks']) &&
  value['checks'].every(isCheck)

const isCheck = (value: unknown): boolean =>
  isMap(value) &&
  isText(value['model']) &&
  isText(value['id']) &&
  ['pass', 'fail', 'unreachable', 'skip'].includes(value['verdict'] as string) &&
  isAbsentOr(value['seconds'], isNumber) &&
  isAbsentOr(value['attempts'], isNumber) &&
  isAbsentOr(value['skip'], isText) &&
  isAbsentOr(value['failure'], (failure) => isMap(failure) && failureTexts.every((name) => isText(failure[name]))) &&
  isAbsentOr(
    value['soak'],
    (soak) =>
      isMap(soak) &&
      isNumber(soak['rounds']) &&
      isNumber(soak['failures']) &&
      isMap(soak['latency']) &&
      ['p50', 'p95', 'p99', 'max'].every((name) => isNumber((soak['latency'] as JsonMap)[name])),
  )

const failureTexts = ['expected', 'came', 'answered', 'cause', 'means', 'try', 'request']
