import { createHash } from 'node:crypto'
import { closeSync, lstatSync, openSync, readdirSync, renameSync, rmSync, writeSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isRunning, thisProcess } from '../bundle/owner.ts'
import { fileError } from '../errors.ts'
import type { Printable } from '../report/printable.ts'
import { writeStdout } from '../report/stdout.ts'

/** Where a report goes, piece by piece. */
export interface Sink {
  readonly write: (text: Printable) => void
  /** The report is whole: it takes its place. */
  readonly close: () => void
  /** What is there is not wanted. */
  readonly abandon: () => void
}

/**
 * Opens the place of a report: standard output, or a file that is replaced when the report is whole. What is no file (a pipe)
 * is written to, and so is one to append to.
 *
 * @param path - standard output when left out or `-`
 */
export const openSink = (path: string | undefined, append = false): Sink => {
  if (path === undefined || path === '-')
    return { write: writeStdout, close: () => undefined, abandon: () => undefined }
  try {
    const inPlace = append || lstatSync(path, { throwIfNoEntry: false })?.isFile() === false
    const staged = inPlace ? path : stagedName(path)
    // What a killed run left goes; what stands there all the same is somebody else's, and not written through.
    if (!inPlace) removeLeftovers(path)
    const file = openSync(staged, append ? 'a' : inPlace ? 'w' : 'wx')
    const cleanUp = () => {
      if (!inPlace) rmSync(staged, { force: true })
    }
    // Something may end the process at once, as a full disk behind standard output does.
    process.once('exit', cleanUp)
    return {
      write: (text) => {
        try {
          writeSync(file, text)
        } catch (error) {
          throw fileError(error, `cannot write ${path}`)
        }
      },
      close: () => {
        closeSync(file)
        process.off('exit', cleanUp)
        if (!inPlace) renameSync(staged, path)
      },
      abandon: () => {
        closeSync(file)
        process.off('exit', cleanUp)
        cleanUp()
      },
    }
  } catch (error) {
    throw fileError(error, `cannot write ${path}`)
  }
}

/** Names which numbers of processes a number is one of: those of this boot and container. */
const markOf = (numbering: string): string => createHash('sha256').update(numbering).digest('hex').slice(0, 8)

/** Where a report grows until it is whole. The name says which process writes, so that a later one can tell that it is gone. */
const stagedName = (path: string): string => {
  const { numbering, pid, start } = thisProcess()
  return `${path}.edge-${markOf(numbering)}-${pid}-${start === '' ? '0' : start}`
}

/** In milliseconds: no run is silent for so long. For processes that cannot be asked, those of other containers. */
const longestSilence = 3_600_000

/** Removes what runs left beside a report that were killed. */
const removeLeftovers = (path: string): void => {
  const { numbering } = thisProcess()
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.edge-`)) continue
    const [, mark, pid, start] = /^([0-9a-f]{8})-(\d+)-(\d+)$/.exec(name.slice(basename(path).length + 6)) ?? []
    if (mark === undefined || pid === undefined || start === undefined) continue
    const place = join(dirname(path), name)
    const stat = lstatSync(place, { throwIfNoEntry: false })
    if (stat?.isFile() !== true) continue
    const runs = mark === markOf(numbering) ? isRunning({ numbering, pid: Number(pid), start }) : undefined
    if (!(runs ?? Date.now() - stat.mtimeMs < longestSilence)) rmSync(place, { force: true })
  }
}
