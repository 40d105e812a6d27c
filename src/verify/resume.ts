import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileError, InputError } from '../errors.ts'
import type { DeviceResult } from './result.ts'

/**
 * Reads what an earlier run left in its NDJSON: the devices that were good are not asked again. The last line of a device
 * counts; a last line that was cut off counts nothing. A file that is not there is a run that begins.
 *
 * @param onGood - told of each result that stands
 * @returns hosts that were good
 */
export const readResults = async (path: string, onGood: (result: DeviceResult) => void): Promise<Set<string>> => {
  const good = new Map<string, DeviceResult>()
  let number = 0
  let broken: number | undefined
  if (!existsSync(path)) return new Set()
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      number++
      if (line.trim() === '') continue
      if (broken !== undefined) throw new InputError(`${path}:${broken}: this is no result of edge verify`, { help: 'give the NDJSON that an earlier run wrote: --format ndjson -o FILE' })
      const result = parsed(line)
      if (result === undefined) broken = number
      else if (result.verdict === 'pass') good.set(result.host, result)
      else good.delete(result.host)
    }
  } catch (error) {
    throw fileError(error, `cannot read ${path}`)
  }
  for (const result of good.values()) onGood(result)
  return new Set(good.keys())
}

const parsed = (line: string): DeviceResult | undefined => {
  try {
    const value = JSON.parse(line) as Partial<DeviceResult> | null
    return typeof value?.host === 'string' && typeof value.verdict === 'string' && Array.isArray(value.checks) ? (value as DeviceResult) : undefined
  } catch {
    return undefined
  }
}
