import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Tree } from '../payload/payload.ts'
import { fileError, InputError } from '../errors.ts'
import { readText } from './readText.ts'

/** More than any build host has below manifests.d. */
const mostEntries = 50_000

/**
 * A tree on disk.
 *
 * @param directory - its root
 * @param label - how messages call it
 */
export const directoryTree = (directory: string, label: string): Tree => {
  let entries = 0
  return {
    label,
    list: (path) => {
      let names: string[]
      try {
        names = readdirSync(join(directory, path)).sort()
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
        throw fileError(error, `cannot read ${label}/${path}`)
      }
      entries += names.length
      if (entries > mostEntries) throw new InputError(`${label} holds more than ${mostEntries} files below usr/lib/microshift/manifests.d: is it a payload?`)
      return names.flatMap((name): { name: string; kind: 'file' | 'directory' }[] => {
        const stat = statSync(join(directory, path, name), { throwIfNoEntry: false })
        return stat?.isDirectory() === true ? [{ name, kind: 'directory' }] : stat?.isFile() === true ? [{ name, kind: 'file' }] : []
      })
    },
    read: (path) => {
      try {
        return readText(join(directory, path), join(label, path))
      } catch (error) {
        if (error instanceof InputError) return undefined
        throw error
      }
    },
  }
}
