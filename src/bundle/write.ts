import { statSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import { onlyOnce, type Rendering, seal } from './assemble.ts'
import { filesBelow, hashOf, isSameManifest, lookAt, type ManifestState, placesOf, readManifest } from './directory.ts'
import { formatManifest, sha256 } from './manifest.ts'
import { manifestName, sumsName } from './marks.ts'
import { openStaging, type Staging, type StagingOptions } from './staging.ts'

export interface WriteOptions extends StagingOptions {
  /** The directory of the bundle. */
  readonly directory: string
  /** Write beside files that edge did not write. They are never changed or removed. */
  readonly force: boolean
}

export interface Written {
  /** All files of the bundle, bundle.json last. */
  readonly paths: readonly string[]
  /** How many of them were not there, or different. */
  readonly changed: number
  /** Files of the last bundle that this one lacks. */
  readonly removed: readonly string[]
  /** Files that somebody changed since edge wrote them, now as generated again. */
  readonly mended: readonly string[]
}

/**
 * Puts a bundle on disk: only what differs is written, and what the last bundle had and this one lacks is removed. A run that
 * changes nothing writes nothing, not even to say that it is there; the first difference makes it wait for others, and look
 * again at what they left.
 *
 * @throws InputError when the directory holds files of others, and EnvironmentError for a full disk, a permission, or another
 * run that does not end, all before the first rename: nothing of the old bundle is touched then.
 */
export const writeBundle = (rendering: Rendering, { directory, force, ...options }: WriteOptions): Written => {
  const staging = openStaging(directory, options)
  try {
    for (;;) {
      const written = attempt(rendering, directory, force, staging)
      if (written !== undefined) return written
    }
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`)
  } finally {
    staging.close()
  }
}

/** @returns undefined when another run wrote meanwhile: what was seen does not hold any more */
const attempt = (
  { files: render, describe }: Rendering,
  directory: string,
  force: boolean,
  staging: Staging,
): Written | undefined => {
  const exists = isDirectory(directory)
  const old = manifestIn(directory)
  const ours = old.kind === 'bundle' ? old.manifest.files : {}
  const isAsSeen = () => isSameManifest(old, manifestIn(directory))
  /** Makes this run the only one that writes; tells whether all is still as it was seen. */
  const claim = (): boolean => {
    if (staging.isOpen()) return true
    staging.open()
    return isAsSeen()
  }
  /** What is in the way may be another run's work of this moment. */
  const refuses = (obstacles: readonly Obstacle[]): boolean => {
    if (force ? obstacles.every(({ forcible }) => forcible) : obstacles.length === 0) return false
    if (!staging.isOpen()) staging.settle()
    return isAsSeen()
  }

  let files = onlyOnce(render())
  if (
    exists &&
    filesBelow(directory).some((path) => !isOurs(path, old) || lookAt(directory, path)?.isFile() !== true)
  ) {
    // Files of others are the exception: only then is the whole bundle looked at before anything is written.
    const all = [...files]
    files = all
    const { wanted } = seal(describe, new Map(all.map(({ path, content }) => [path, sha256(content)])))
    const obstacles = findObstacles(directory, old, wanted)
    if (refuses(obstacles)) throw refusal(directory, obstacles, force)
    if (!isAsSeen()) return undefined
  }
  const hashes = new Map<string, string>()
  const mended: string[] = []
  for (const file of files) {
    const hash = sha256(file.content)
    const there = exists ? hashOf(directory, file.path) : undefined
    hashes.set(file.path, hash)
    staging.keepAlive()
    if (there === hash && (file.executable !== true || isExecutable(directory, file.path))) continue
    if (there !== undefined && Object.hasOwn(ours, file.path) && there !== ours[file.path]) mended.push(file.path)
    if (!claim()) return undefined
    staging.add(file)
  }
  const { manifest, text, sums, wanted } = seal(describe, hashes)
  const obstacles = exists ? findObstacles(directory, old, wanted) : []
  if (refuses(obstacles)) throw refusal(directory, obstacles, force)
  const removed = Object.keys(ours).filter((path) => !wanted.has(path) && lookAt(directory, path)?.isFile() === true)
  const about = [sumsName, manifestName].filter((path) => !exists || hashOf(directory, path) !== wanted.get(path))
  const changed = staging.count() + about.length
  if (changed > 0 || removed.length > 0) {
    if (!claim()) return undefined
    staging.commit({
      removed,
      manifest: text,
      interim: formatManifest({ ...manifest, unfinished: true, files: { ...ours, ...manifest.files } }),
      sums,
    })
  } else staging.sweep()
  return { paths: [...wanted.keys()], changed, removed, mended }
}

/** @throws InputError for what is no directory */
const isDirectory = (path: string): boolean => {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() === false)
    throw new InputError(`cannot write ${path}: it is a file`, { help: 'give a directory with -o' })
  return stat !== undefined
}

const manifestIn = (directory: string): ManifestState =>
  isDirectory(directory) ? readManifest(directory) : { kind: 'none' }

const isExecutable = (directory: string, path: string): boolean => ((lookAt(directory, path)?.mode ?? 0) & 0o100) !== 0

interface Obstacle {
  readonly path: string
  /** Whether --force helps: the bundle does not need the place. */
  readonly forcible: boolean
}

/** Whether edge wrote the file at a path, as far as the last bundle.json says. */
const isOurs = (path: string, old: ManifestState): boolean =>
  path === manifestName || path === sumsName
    ? old.kind === 'bundle' || old.kind === 'damaged'
    : old.kind === 'bundle' && Object.hasOwn(old.manifest.files, path)

/** What stands in the way of a bundle: files that edge did not write, and directories in the place of its files. */
const findObstacles = (directory: string, old: ManifestState, wanted: ReadonlyMap<string, string>): Obstacle[] => {
  const foreign = filesBelow(directory)
    .filter((path) => !isOurs(path, old) || lookAt(directory, path)?.isFile() !== true)
    // What a run wrote before it was cut off is as it should be.
    .filter((path) => !wanted.has(path) || hashOf(directory, path) !== wanted.get(path))
  const places = placesOf(wanted.keys())
  const blocked = [...wanted.keys()].filter((path) => lookAt(directory, path)?.isDirectory() === true)
  return [
    ...foreign.map((path) => ({ path, forcible: !places.has(path) })),
    ...blocked.map((path) => ({ path, forcible: false })),
  ]
}

const refusal = (directory: string, all: readonly Obstacle[], force: boolean): InputError => {
  const obstacles = force ? all.filter(({ forcible }) => !forcible) : all
  const named = obstacles.slice(0, 10).map(({ path }) => path)
  const more = obstacles.length > 10 ? ` and ${obstacles.length - 10} more` : ''
  const fixed = obstacles.some(({ forcible }) => !forcible)
  return new InputError(`${directory} holds files that edge did not write: ${named.join(', ')}${more}`, {
    help: fixed
      ? 'the bundle has files of its own in these places: move them away, or choose another directory'
      : 'choose a directory of its own, or keep them beside the bundle with --force',
  })
}
