import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileError, InputError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'
import { filesBelow, hashOf, readManifest, stagingPrefix } from './directory.ts'
import { bundleManifest, collectFiles, formatManifest, manifestName, sha256 } from './manifest.ts'

export interface WriteOptions {
  /** The directory of the bundle. */
  readonly directory: string
  /** Write beside files that edge did not write. They are never changed or removed. */
  readonly force: boolean
  readonly toolVersion: string
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
 * Puts a bundle on disk. First everything is written into a directory of its own beside the files, then renamed into
 * place file by file, bundle.json last. From the first rename to the last, bundle.json names the files of both the old
 * and the new bundle: a run that is cut off leaves a bundle that does not match it, and the next run knows which files
 * are edge's.
 *
 * @throws InputError when the directory holds files of others, and EnvironmentError for a full disk or a permission, both
 * before the first rename: nothing of the old bundle is touched then.
 */
export const writeBundle = (plan: Plan, rendered: Iterable<File>, options: WriteOptions): Written => {
  const { directory } = options
  const files = collectFiles(rendered)
  const hashes = new Map([...files].map(([path, { content }]) => [path, sha256(content)]))
  const manifest = bundleManifest(plan, hashes, options.toolVersion)
  const wanted = new Map([...hashes, [manifestName, sha256(formatManifest(manifest))]])
  try {
    const existing = existsSync(directory) ? inspect(directory, wanted, options.force) : { ours: {}, obstacles: [] }
    if (existing.obstacles.length > 0) throw refuse(directory, existing.obstacles)
    const changed = [...wanted].filter(([path, hash]) => hashOf(directory, path) !== hash).map(([path]) => path)
    const removed = Object.keys(existing.ours).filter((path) => !wanted.has(path) && lstatSync(join(directory, path), { throwIfNoEntry: false }) !== undefined)
    const mended = changed.filter((path) => Object.hasOwn(existing.ours, path) && ![undefined, existing.ours[path]].includes(hashOf(directory, path)))
    commit({ directory, files, changed, removed, manifest: formatManifest(manifest), interim: formatManifest({ ...manifest, files: { ...existing.ours, ...manifest.files } }) })
    return { paths: [...files.keys(), manifestName], changed: changed.length, removed, mended }
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`)
  }
}

interface Obstacle {
  readonly path: string
  /** Whether --force helps: the bundle does not need the place. */
  readonly forcible: boolean
}

/** What the directory holds: the files that edge wrote, with their checksums, and what stands in the way. */
const inspect = (directory: string, wanted: ReadonlyMap<string, string>, force: boolean): { ours: Readonly<Record<string, string>>; obstacles: Obstacle[] } => {
  if (!statSync(directory).isDirectory()) throw new InputError(`cannot write ${directory}: it is a file`, { help: 'give a directory with -o' })
  const manifest = readManifest(directory)
  const ours = manifest?.files ?? {}
  const isOurs = (path: string) => Object.hasOwn(ours, path) || (path === manifestName && manifest !== undefined)
  const foreign = filesBelow(directory)
    .filter((path) => !isOurs(path) || !lstatSync(join(directory, path)).isFile())
    // What a run wrote before it was cut off is as it should be.
    .filter((path) => !wanted.has(path) || hashOf(directory, path) !== wanted.get(path))
  const isInTheWay = (path: string) => wanted.has(path) || [...wanted.keys()].some((file) => file.startsWith(`${path}/`))
  const blocked = [...wanted.keys()].filter((path) => lstatSync(join(directory, path), { throwIfNoEntry: false })?.isDirectory() === true)
  const obstacles = [...foreign.map((path) => ({ path, forcible: !isInTheWay(path) })), ...blocked.map((path) => ({ path, forcible: false }))]
  return { ours, obstacles: force ? obstacles.filter(({ forcible }) => !forcible) : obstacles }
}

const refuse = (directory: string, obstacles: readonly Obstacle[]): InputError => {
  const named = obstacles.slice(0, 10).map(({ path }) => path)
  const more = obstacles.length > 10 ? ` and ${obstacles.length - 10} more` : ''
  const fixed = obstacles.some(({ forcible }) => !forcible)
  return new InputError(`${directory} holds files that edge did not write: ${named.join(', ')}${more}`, {
    help: fixed ? 'the bundle has files of its own in these places: move them away, or choose another directory' : 'choose a directory of its own, or keep them beside the bundle with --force',
  })
}

interface Commit {
  readonly directory: string
  readonly files: ReadonlyMap<string, File>
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly manifest: string
  readonly interim: string
}

const commit = ({ directory, files, changed, removed, manifest, interim }: Commit): void => {
  const made = makeDirectory(directory)
  for (const name of readdirSync(directory)) if (name.startsWith(stagingPrefix)) rmSync(join(directory, name), { recursive: true })
  if (changed.length === 0 && removed.length === 0) return

  const staging = join(directory, `${stagingPrefix}${process.pid}`)
  let begun = false
  try {
    mkdirSync(staging)
    const fresh = changed.filter((path) => path !== manifestName)
    fresh.forEach((path, index) => {
      const file = files.get(path)
      writeFileSync(join(staging, String(index)), file?.content ?? '', { mode: file?.executable === true ? 0o755 : 0o644 })
    })
    writeFileSync(join(staging, 'interim'), interim)
    writeFileSync(join(staging, manifestName), manifest)

    begun = true
    if (fresh.length > 0 || removed.length > 0) renameSync(join(staging, 'interim'), join(directory, manifestName))
    const directories = new Set<string>()
    fresh.forEach((path, index) => {
      const parent = dirname(join(directory, path))
      if (!directories.has(parent)) makeDirectory(parent)
      directories.add(parent)
      renameSync(join(staging, String(index)), join(directory, path))
    })
    for (const path of removed) removeFile(directory, path)
    renameSync(join(staging, manifestName), join(directory, manifestName))
  } finally {
    rmSync(staging, { recursive: true, force: true })
    if (!begun && made !== undefined) rmSync(made, { recursive: true, force: true })
  }
}


/**
 * Makes a directory and its parents, and gives the first one that was not there. (Node's recursive mkdir does not end
 * where a file system answers ENOENT to a mkdir in a directory that exists, as /proc does.)
 */
const makeDirectory = (path: string): string | undefined => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return undefined
  const parent = dirname(path)
  const first = parent === path ? undefined : makeDirectory(parent)
  mkdirSync(path)
  return first ?? path
}

/** Removes a file of the last bundle, and the directories that it leaves empty. */
const removeFile = (directory: string, path: string): void => {
  rmSync(join(directory, path))
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (readdirSync(join(directory, parent)).length > 0) return
    rmdirSync(join(directory, parent))
  }
}
