import type { Disk } from '../../src/bundle/disk.ts'
import { realDisk } from '../../src/bundle/disk.ts'

/** What a disk throws from the moment on at which the power went: nothing that comes after reaches it. */
export class CutOff extends Error {}

/**
 * A disk that stops at its n-th change. Writing a file counts twice: the second time half of it is there.
 *
 * @param at - which change, from 1
 * @param error - what is thrown: by default the power goes, and the disk takes no change any more; with another error only
 * this one change fails
 */
export const faultyDisk = (at: number, error?: () => Error): { disk: Disk; changes: () => number } => {
  let changes = 0
  const step = (half: () => void = () => undefined) => {
    changes++
    if (error === undefined ? changes < at : changes !== at) return
    if (changes === at) half()
    throw error?.() ?? new CutOff()
  }
  const stepped =
    <A extends readonly unknown[]>(change: (...args: A) => void) =>
    (...args: A) => {
      step()
      change(...args)
    }
  return {
    changes: () => changes,
    disk: {
      makeDirectory: stepped(realDisk.makeDirectory),
      write: (path, content, mode) => {
        step()
        step(() => realDisk.write(path, content.slice(0, content.length / 2), mode))
        realDisk.write(path, content, mode)
      },
      rename: stepped(realDisk.rename),
      removeFile: stepped(realDisk.removeFile),
      removeDirectory: stepped(realDisk.removeDirectory),
      // A sign of life is no change: whether there is one is a matter of time.
      touch: realDisk.touch,
    },
  }
}
