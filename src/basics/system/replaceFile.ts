import { lstatSync, statSync, writeFileSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { fileError } from '../../errors.ts'

/**
 * Replaces a file as a whole, on the disk before it takes its place; its permissions stay, and a link leads to the new one. What
 * is no file (a pipe, a device, a link to nothing) is written to.
 *
 * @throws InputError, EnvironmentError
 */
export const replaceFile = (path: string, text: string): void => {
  try {
    const found = statSync(path, { throwIfNoEntry: false }) ?? lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined || found.isFile()) writeFileAtomic.sync(path, text)
    else writeFileSync(path, text)
  } catch (error) {
    throw fileError(error, `cannot write ${path}`)
  }
}
