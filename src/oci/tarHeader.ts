/** What the 512 bytes before a file in a tar archive say. */
export interface TarHeader {
  readonly name: string
  /** Bytes of its content. */
  readonly size: number
  /** One letter: `0` a file, `2` a symbolic link, `x` and `L` what is said about the next one. */
  readonly type: string
}

/** Size of a header; contents are filled up to a multiple of it. */
export const tarBlock = 512

const text = new TextDecoder()

/**
 * Reads a header: ustar, GNU's and the oldest form. POSIX.1-2017, pax, ustar interchange format; tar(5).
 *
 * @param block - 512 bytes
 * @returns `end` for the zeros behind the last file; undefined for what is no header
 */
export const parseTarHeader = (block: Uint8Array): TarHeader | 'end' | undefined => {
  if (block.every((byte) => byte === 0)) return 'end'
  // The checksum is that of the header with blanks in its own place.
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0)
  const size = parseNumber(block.subarray(124, 136))
  if (parseNumber(block.subarray(148, 156)) !== sum || size === undefined) return undefined
  const prefix = textOf(block.subarray(257, 263)) === 'ustar' ? textOf(block.subarray(345, 500)) : ''
  const name = textOf(block.subarray(0, 100))
  return { name: prefix === '' ? name : `${prefix}/${name}`, size, type: String.fromCharCode(block[156] || 48) }
}

/** Octal digits; GNU's sizes from 8 GiB on are binary, with the first bit set. */
const parseNumber = (field: Uint8Array): number | undefined => {
  const [first = 0] = field
  if (first === 0x80) {
    const value = field.subarray(1).reduce((total, byte) => total * 256 + byte, 0)
    return Number.isSafeInteger(value) ? value : undefined
  }
  const digits = text
    .decode(field)
    .replace(/^ +/, '')
    .replace(/[ \0]+$/, '')
  return /^[0-7]*$/.test(digits) ? Number.parseInt(digits || '0', 8) : undefined
}

/** Up to the first NUL. */
const textOf = (field: Uint8Array): string => {
  const end = field.indexOf(0)
  return text.decode(end === -1 ? field : field.subarray(0, end))
}

/**
 * Reads the records of a pax header, `LENGTH KEY=VALUE` a line: what they say about the file that comes next.
 *
 * @returns undefined when they are damaged
 */
export const parsePaxRecords = (bytes: Uint8Array): ReadonlyMap<string, string> | undefined => {
  const records = new Map<string, string>()
  for (let at = 0; at < bytes.length;) {
    const blank = bytes.indexOf(32, at)
    const digits = blank === -1 ? '' : text.decode(bytes.subarray(at, blank))
    const end = at + Number(digits)
    if (!/^[1-9]\d{0,8}$/.test(digits) || end > bytes.length || bytes[end - 1] !== 10) return undefined
    const [, key, value = ''] = /^([^=]+)=([^]*)$/.exec(text.decode(bytes.subarray(blank + 1, end - 1))) ?? []
    if (key === undefined) return undefined
    records.set(key, value)
    at = end
  }
  return records
}
