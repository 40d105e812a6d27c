import { closeSync, fstatSync, readSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import { openFile } from './openFile.ts'

/** A spec of 10,000 sites has 3 MB, the largest CRD of a payload has 1 MB. */
export const largestFile = 32 * 2 ** 20

/** A byte order mark stays: checksums are those of the file. */
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a text file: 32 MiB at most, UTF-8.
 *
 * @param path - the file, or `-` for standard input
 * @param name - how messages call it
 * @throws InputError, EnvironmentError
 */
export const readText = (path: string, name = path): string => {
  const bytes = readBytes(path, name)
  if (bytes.includes(0)) throw new InputError(`cannot read ${name}: it is not text (it has NUL bytes)`)
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new InputError(`cannot read ${name}: it is not UTF-8`, { cause })
  }
}

/**
 * Reads a file as it is: 32 MiB at most. One that is no regular file is refused, and never waited for.
 *
 * @throws InputError, EnvironmentError
 */
export const readBytes = (path: string, name = path): Buffer => {
  let file: number | undefined
  try {
    const opened = path === '-' ? { file: 0, stat: fstatSync(0) } : openFile(path)
    const { stat } = opened
    file = opened.file
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    const tooLarge = () => new InputError('it is larger than 32 MiB')
    if (stat.isFile() && stat.size > largestFile) throw tooLarge()
    // A pipe has no size: it is read until its end, or until it is too much.
    const chunks: Buffer[] = []
    const expected = stat.isFile() && stat.size > 0 ? stat.size + 1 : 65_536
    let total = 0
    for (;;) {
      const chunk = Buffer.allocUnsafe(expected)
      const count = readChunk(file, chunk)
      if (count === 0) return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      total += count
      if (total > largestFile) throw tooLarge()
      chunks.push(chunk.subarray(0, count))
    }
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`cannot read ${name}: ${error.message}`, { cause: error })
    throw fileError(error, `cannot read ${name}`)
  } finally {
    if (file !== undefined && file !== 0) closeSync(file)
  }
}

/** Standard input may be a terminal or pipe that is not ready yet. */
const readChunk = (file: number, chunk: Buffer): number => {
  for (;;) {
    try {
      return readSync(file, chunk)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF') return 0
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
    }
  }
}
