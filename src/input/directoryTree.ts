import { type Dirent, readdirSync, statSync } from 'node:fs'
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
      let found: Dirent[]
      try {
        found = readdirSync(`${directory}/${path}`, { withFileTypes: true })
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return []
        throw fileError(error, `cannot read ${label}/${path}`)
      }
      entries += found.length
      if (entries > mostEntries)
        throw new InputError(
          `${label} holds more than ${mostEntries} files below usr/lib/microshift/manifests.d: is it a payload?`,
        )
      return found
        .flatMap((entry): { name: string; kind: 'file' | 'directory' }[] => {
          const stat = entry.isSymbolicLink()
            ? statSync(`${directory}/${path}/${entry.name}`, { throwIfNoEntry: false })
            : entry
          return stat?.isDirectory() === true
            ? [{ name: entry.name, kind: 'directory' }]
            : stat?.isFile() === true
              ? [{ name: entry.name, kind: 'file' }]
              : []
        })
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    read: (path) => {
      try {
        return readText(`${directory}/${path}`, `${label}/${path}`)
      } catch (error) {
        if (error instanceof InputError) return undefined
        throw error
      }
    },
  }
}
