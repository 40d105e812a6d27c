import { closeSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { fileError } from '../errors.ts'
import { writeStdout } from '../report/stdout.ts'

/** Where a report goes, piece by piece. */
export interface Sink {
  readonly write: (text: string) => void
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
    const staged = inPlace ? path : `${path}.edge-${process.pid}`
    const file = openSync(staged, append ? 'a' : 'w')
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
        if (!inPlace) renameSync(staged, path)
      },
      abandon: () => {
        closeSync(file)
        if (!inPlace) rmSync(staged, { force: true })
      },
    }
  } catch (error) {
    throw fileError(error, `cannot write ${path}`)
  }
}
