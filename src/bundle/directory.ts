import { lstatSync, readdirSync, readFileSync, type Stats } from 'node:fs'
import { type BundleManifest, isCutShort, manifestName, parseManifest, sha256 } from './manifest.ts'

/** Directories of the writer's own, with the process that writes; one whose process is gone belongs to a run that was cut off. */
export const stagingPrefix = '.edge-staging-'

/** What stands in a directory: files, and links and other things that are no directories. */
export const filesBelow = (root: string): string[] => {
  const found: string[] = []
  const walk = (below: string) => {
    for (const entry of readdirSync(`${root}/${below}`, { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (below === '' && entry.name.startsWith(stagingPrefix)) continue
      if (entry.isDirectory()) walk(path)
      else found.push(path)
    }
  }
  walk('')
  return found.sort()
}

/**
 * Looks at a path below a directory without following a link on the way.
 *
 * @returns what is there; undefined when nothing is, or when a part of the way is no directory
 */
export const lookAt = (root: string, path: string): Stats | undefined => {
  for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
    if (lstatSync(`${root}/${path.slice(0, slash)}`, { throwIfNoEntry: false })?.isDirectory() !== true)
      return undefined
  }
  return lstatSync(`${root}/${path}`, { throwIfNoEntry: false })
}

/** What a directory says that it is: the bundle.json of a bundle, one that was cut short, another program's, or none. */
export type ManifestState =
  { readonly kind: 'bundle'; readonly manifest: BundleManifest } | { readonly kind: 'cut-short' | 'foreign' | 'none' }

export const readManifest = (root: string): ManifestState => {
  if (lookAt(root, manifestName)?.isFile() !== true) return { kind: 'none' }
  const text = readFileSync(`${root}/${manifestName}`, 'utf8')
  const manifest = parseManifest(text)
  if (manifest !== undefined) return { kind: 'bundle', manifest }
  return { kind: isCutShort(text) ? 'cut-short' : 'foreign' }
}

/** sha256 of a regular file below a directory; undefined when there is none. */
export const hashOf = (root: string, path: string): string | undefined =>
  lookAt(root, path)?.isFile() === true ? sha256(readFileSync(`${root}/${path}`)) : undefined
