import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs'
import { fileError, InputError } from '../errors.ts'

/** A file that was opened, and what it is. */
export interface OpenFile {
  readonly file: number
  readonly stat: Stats
}

/** Pipes that whoever called edge has opened already: `-f <(PROGRAM)` of a shell. */
const handedOver = /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/\d+)$/
/** A device that is called by its name, as /dev/null; a link that leads to one may stand anywhere. */
const named = /^\/dev\//

/**
 * Opens a file to read it, links followed. Nothing that stands in its place can make this wait: a pipe without a writer, a
 * device or a socket is opened without blocking, and refused, unless the path itself says that it is meant.
 *
 * @throws InputError, and errors of the file system; nothing is left open then
 */
export const openFile = (path: string): OpenFile => {
  const file = openWithoutWaiting(path)
  try {
    const stat = fstatSync(file)
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' })
    const isMeant = stat.isCharacterDevice() ? named.test(path) : handedOver.test(path)
    if (!stat.isFile() && !isMeant) throw notRegular(stat)
    return { file, stat }
  } catch (error) {
    closeSync(file)
    throw error
  }
}

const openWithoutWaiting = (path: string): number => {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A socket, or a device without its driver.
    if (code === 'ENXIO' || code === 'ENODEV') throw new InputError('it is no regular file', { cause: error })
    if (code === 'ENOENT' && lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
      throw new InputError('it is a link to a file that is not there', { cause: error })
    throw error
  }
}

const notRegular = (stat: Stats): InputError =>
  stat.isFIFO() ? new InputError('it is a named pipe, not a file') : new InputError('it is no regular file')

/**
 * Reads a file piece by piece, so that no more than a piece is in memory.
 *
 * @param file - opened by openFile
 * @param take - told each piece, which is overwritten by the next; gives false to stop
 */
export const readPieces = (file: number, take: (piece: Buffer) => boolean): void => {
  const buffer = Buffer.allocUnsafe(2 ** 18)
  for (;;) {
    const count = readSync(file, buffer)
    if (count === 0 || !take(buffer.subarray(0, count))) return
  }
}

/** Whether something stands at a path: of a link the link, wherever it leads. What is there is read, or said to be unreadable. */
export const isThere = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw fileError(error, `cannot read ${path}`)
  }
}
