import { closeSync, readSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import { openFile } from './openFile.ts'
import { parsePaxRecords, parseTarHeader, tarBlock } from '../oci/tarHeader.ts'

/** Where a file lies in an archive. */
interface Entry {
  readonly offset: number
  readonly size: number
}

/** An archive whose headers were read, and nothing else. */
export interface TarFile {
  /** Bytes of a file in it; undefined when there is none of that name. */
  readonly size: (name: string) => number | undefined
  /** A file in it; undefined when there is none, or when it is larger than 4 MiB. */
  readonly read: (name: string) => Uint8Array | undefined
}

/** An image of the most layers that there can be has far fewer. */
const mostEntries = 20_000
/** The largest manifest that registries take. */
const largestRead = 4 * 2 ** 20
const longestExtension = 2 ** 20

const compressions: readonly (readonly [string, string, string])[] = [
  ['1f8b', 'gzip', 'gunzip'],
  ['28b52ffd', 'zstd', 'unzstd'],
  ['fd377a58', 'xz', 'unxz'],
  ['425a68', 'bzip2', 'bunzip2'],
]

/**
 * Opens a tar archive, and goes from header to header: what lies between is not read, however large it is.
 *
 * @param path - the file
 * @param use - what is done with it while it is open
 * @throws InputError for what is no whole archive; EnvironmentError
 */
export const withTarFile = <T>(path: string, use: (tar: TarFile) => T): T => {
  let file: number | undefined
  try {
    const { file: open, stat } = openFile(path)
    file = open
    const read = (offset: number, size: number) => readAt(open, offset, size)
    const entries = readEntries(read, stat.size)
    return use({
      size: (name) => entries.get(name)?.size,
      read: (name) => {
        const entry = entries.get(name)
        return entry === undefined || entry.size > largestRead ? undefined : read(entry.offset, entry.size)
      },
    })
  } catch (error) {
    throw fileError(error, 'cannot read it')
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

const readAt = (file: number, offset: number, size: number): Uint8Array => {
  const bytes = Buffer.alloc(size)
  let done = 0
  while (done < size) {
    const count = readSync(file, bytes, done, size - done, offset + done)
    if (count === 0) throw cutShort()
    done += count
  }
  return bytes
}

const cutShort = () => new InputError('it is cut short')

const readEntries = (read: (offset: number, size: number) => Uint8Array, length: number): Map<string, Entry> => {
  const entries = new Map<string, Entry>()
  /** What headers of their own said about the next file. */
  let next: { name?: string; size?: number } = {}
  let count = 0
  for (let at = 0; at < length;) {
    if (at + tarBlock > length) throw at === 0 ? notTar(read(0, length)) : cutShort()
    const block = read(at, tarBlock)
    const header = parseTarHeader(block)
    if (header === 'end' && at > 0) return entries
    if (header === undefined || header === 'end')
      throw at === 0 ? notTar(block) : new InputError(`it is damaged at byte ${at}`)
    if (++count > mostEntries) throw new InputError(`it holds more than ${mostEntries} files`)
    const offset = at + tarBlock
    const { type } = header
    const isExtension = 'xgLK'.includes(type)
    // Links, devices and directories have no content, whatever they say.
    const size = '123456'.includes(type) ? 0 : isExtension ? header.size : (next.size ?? header.size)
    const end = offset + Math.ceil(size / tarBlock) * tarBlock
    if (end > length) throw cutShort()
    if (isExtension) {
      if (size > longestExtension) throw new InputError(`it is damaged at byte ${at}`)
      next = { ...next, ...extensionOf(type, read(offset, size), at) }
    } else {
      const name = (next.name ?? header.name).replace(/^(?:\.\/)+/, '')
      if (!entries.has(name)) entries.set(name, { offset, size })
      next = {}
    }
    at = end
  }
  if (count === 0) throw new InputError('it is empty')
  return entries
}

/** A pax header or a long name of GNU's; what is global or about links is not needed. */
const extensionOf = (type: string, bytes: Uint8Array, at: number): { name?: string; size?: number } => {
  if (type === 'L') return { name: new TextDecoder().decode(bytes).replace(/\0[^]*$/, '') }
  if (type !== 'x') return {}
  const records = parsePaxRecords(bytes)
  const name = records?.get('path')
  const digits = records?.get('size')
  const size = Number(digits ?? 0)
  if (records === undefined || !Number.isSafeInteger(size) || size < 0)
    throw new InputError(`it is damaged at byte ${at}`)
  return { ...(name === undefined ? {} : { name }), ...(digits === undefined ? {} : { size }) }
}

const notTar = (start: Uint8Array): InputError => {
  const hex = Buffer.from(start.subarray(0, 4)).toString('hex')
  const [, name, unpack] = compressions.find(([magic]) => hex.startsWith(magic)) ?? []
  return new InputError(
    name === undefined || unpack === undefined
      ? 'it is no tar archive'
      : `it is compressed with ${name}: unpack it with ${unpack}, its layers are compressed already`,
  )
}
