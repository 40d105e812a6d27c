import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BundleManifest, manifestName, parseManifest, sha256 } from './manifest.ts'

/** Directories of the writer's own; one that is left over belongs to a run that was cut off. */
export const stagingPrefix = '.edge-staging-'

/** What stands in a directory: files, and links and other things that are no directories. */
export const filesBelow = (root: string): string[] => {
  const found: string[] = []
  const walk = (below: string) => {
    for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (below === '' && entry.name.startsWith(stagingPrefix)) continue
      if (entry.isDirectory()) walk(path)
      else found.push(path)
    }
  }
  walk('')
  return found.sort()
}

/** The bundle.json of a directory; undefined when there is none, or none of edge's. */
export const readManifest = (root: string): BundleManifest | undefined => {
  const path = join(root, manifestName)
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true ? parseManifest(readFileSync(path, 'utf8')) : undefined
}

/** sha256 of a regular file below a directory; undefined when there is none. */
export const hashOf = (root: string, path: string): string | undefined => {
  const file = join(root, path)
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() === true ? sha256(readFileSync(file)) : undefined
}
