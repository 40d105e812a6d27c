import { closeSync, lstatSync, readdirSync, type Stats } from 'node:fs'
import { createHash } from 'node:crypto'
import { type OpenFile, openFile, readPieces } from '../input/openFile.ts'
import { manifestName, sumsName } from './marks.ts'
import { type BundleManifest, isDamaged, parseManifest } from './manifest.ts'
import { isStaging } from './stagingDirectory.ts'

/** Edge writes no file that is larger: 10,000 sites take 30 MB. */
export const largestBundleFile = 2 ** 28

/** What stands in a directory: files, and links and other things that are no directories; not what is the writer's own. */
export const filesBelow = (root: string): string[] => {
  const found: string[] = []
  const walk = (below: string) => {
    for (const entry of entriesOf(`${root}/${below}`)) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (below === '' && isStaging(root, entry.name)) continue
      if (entry.isDirectory()) walk(path)
      else found.push(path)
    }
  }
  walk('')
  return found.sort()
}

/** A directory that a run has just taken away holds nothing. */
const entriesOf = (path: string) => {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/**
 * What stands in a bundle's directory and is not listed: the path of each file, and of a directory without any listed file the
 * directory's alone, with a slash behind it. Empty directories are nothing.
 *
 * @param listed - the paths of the bundle's files
 */
export const unlistedBelow = (root: string, listed: ReadonlySet<string>): string[] => {
  const places = placesOf(listed)
  const found: string[] = []
  const holdsFiles = (path: string): boolean =>
    entriesOf(`${root}/${path}`).some((entry) => !entry.isDirectory() || holdsFiles(`${path}/${entry.name}`))
  const walk = (below: string) => {
    for (const entry of entriesOf(`${root}/${below}`)) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (below === '' && isStaging(root, entry.name)) continue
      if (!entry.isDirectory()) {
        if (!places.has(path)) found.push(path)
      } else if (places.has(path)) walk(path)
      else if (holdsFiles(path)) found.push(`${path}/`)
    }
  }
  walk('')
  return found.sort()
}

/** The paths that a bundle needs: its files, and the directories on the way to them. */
export const placesOf = (paths: Iterable<string>): Set<string> => {
  const places = new Set<string>()
  for (const path of paths) {
    places.add(path)
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
      places.add(path.slice(0, slash))
  }
  return places
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

/** What a directory says that it is: the bundle.json of a bundle, one that is damaged, another program's, or none. */
export type ManifestState = {
  /** The text of bundle.json; absent when there is none. */
  readonly text?: string
  /** When it was put there, in milliseconds by the clock of the file system; absent when nothing is there. */
  readonly since?: number
} & (
  | { readonly kind: 'bundle'; readonly manifest: BundleManifest; readonly text: string }
  | { readonly kind: 'damaged' | 'foreign' | 'none' }
)

/** Reads bundle.json. One that is larger than any that edge writes is another program's. */
export const readManifest = (root: string): ManifestState => {
  // Looked at before it is read: the text of one that takes its place in between has too early a time, and never counts as the same.
  const stat = lookAt(root, manifestName)
  if (stat?.isFile() !== true) return { kind: 'none' }
  const since = stat.ctimeMs
  const bytes = readWhole(root, manifestName)
  if (bytes === undefined) return { kind: 'foreign', since }
  const text = bytes.toString('utf8')
  const manifest = parseManifest(text)
  if (manifest !== undefined) return { kind: 'bundle', manifest, text, since }
  return { kind: isDamaged(text) || hasSums(root) ? 'damaged' : 'foreign', text, since }
}

/**
 * Whether no run wrote between two readings of bundle.json: each puts another file there before it changes anything else. The
 * text alone does not tell: a second run may have put the first bundle back.
 */
export const isSameManifest = (before: ManifestState, after: ManifestState): boolean =>
  before.text === after.text && before.since === after.since

/** Whether a directory has the checksums of a bundle: then its bundle.json was one, whatever it is now. */
const hasSums = (root: string): boolean =>
  readWhole(root, sumsName)
    ?.toString('utf8')
    .split('\n')
    .some((line) => /^[0-9a-f]{64} {2}/.test(line) && line.slice(66) === manifestName) === true

/** A regular file below a directory; undefined when there is none, or when edge writes none so large. */
export const readWhole = (root: string, path: string): Buffer | undefined => {
  const pieces: Buffer[] = []
  return takeFile(root, path, (piece) => pieces.push(Buffer.from(piece))) === true ? Buffer.concat(pieces) : undefined
}

/**
 * sha256 of a regular file below a directory, read piece by piece.
 *
 * @returns undefined when there is none; `too large` for one that edge did not write, whatever it holds
 */
export const hashOf = (root: string, path: string): string | undefined => {
  const hash = createHash('sha256')
  const taken = takeFile(root, path, (piece) => hash.update(piece))
  return taken === undefined ? undefined : taken ? hash.digest('hex') : 'too large'
}

/** @returns whether all of it was taken; undefined when there is no such file */
const takeFile = (root: string, path: string, take: (piece: Buffer) => void): boolean | undefined => {
  if (lookAt(root, path)?.isFile() !== true) return undefined
  const opened = openIfThere(`${root}/${path}`)
  if (opened === undefined) return undefined
  const { file, stat } = opened
  try {
    if (stat.size > largestBundleFile) return false
    let left = largestBundleFile
    readPieces(file, (piece) => {
      left -= piece.length
      if (left >= 0) take(piece)
      return left >= 0
    })
    return left >= 0
  } finally {
    closeSync(file)
  }
}

/** A file that a run has just taken away is not there. */
const openIfThere = (path: string): OpenFile | undefined => {
  try {
    return openFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
