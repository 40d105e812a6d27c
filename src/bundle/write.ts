import { existsSync, statSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'
import { filesBelow, hashOf, lookAt, type ManifestState, readManifest } from './directory.ts'
import { onlyOnce } from './assemble.ts'
import { bundleManifest, type BundleOrigin, formatManifest, manifestName, sha256 } from './manifest.ts'
import { openStaging, removeLeftovers } from './staging.ts'

export interface WriteOptions extends BundleOrigin {
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
 * Puts a bundle on disk: only what differs is written, and what the last bundle had and this one lacks is removed.
 *
 * @throws InputError when the directory holds files of others, and EnvironmentError for a full disk or a permission, both
 * before the first rename: nothing of the old bundle is touched then.
 */
export const writeBundle = (
  plan: Plan,
  rendered: Iterable<File>,
  { directory, force, ...origin }: WriteOptions,
): Written => {
  const staging = openStaging(directory)
  try {
    if (existsSync(directory) && !statSync(directory).isDirectory())
      throw new InputError(`cannot write ${directory}: it is a file`, { help: 'give a directory with -o' })
    const old = existsSync(directory) ? readManifest(directory) : ({ kind: 'none' } as const)
    const ours = old.kind === 'bundle' ? old.manifest.files : {}
    const wanted = new Map<string, string>()
    const mended: string[] = []
    let files = onlyOnce(rendered)
    if (
      existsSync(directory) &&
      filesBelow(directory).some((path) => !isOurs(path, old) || lookAt(directory, path)?.isFile() !== true)
    ) {
      // Files of others are the exception: only then is the whole bundle looked at before anything is written.
      const all = [...files]
      files = all
      const hashes = new Map(all.map(({ path, content }) => [path, sha256(content)]))
      const text = formatManifest(bundleManifest(plan, hashes, origin))
      refuseObstacles(
        directory,
        findObstacles(directory, old, new Map([...hashes, [manifestName, sha256(text)]])),
        force,
      )
    }
    for (const file of files) {
      const hash = sha256(file.content)
      const there = hashOf(directory, file.path)
      wanted.set(file.path, hash)
      if (there === hash && (file.executable !== true || isExecutable(directory, file.path))) continue
      if (there !== undefined && Object.hasOwn(ours, file.path) && there !== ours[file.path]) mended.push(file.path)
      staging.add(file)
    }
    const manifest = bundleManifest(plan, wanted, origin)
    const text = formatManifest(manifest)
    wanted.set(manifestName, sha256(text))

    if (existsSync(directory)) {
      refuseObstacles(directory, findObstacles(directory, old, wanted), force)
      removeLeftovers(directory)
    }
    const removed = Object.keys(ours).filter((path) => !wanted.has(path) && lookAt(directory, path)?.isFile() === true)
    const manifestDiffers = hashOf(directory, manifestName) !== wanted.get(manifestName)
    const changed = staging.count() + (manifestDiffers ? 1 : 0)
    if (changed > 0 || removed.length > 0)
      staging.commit({
        removed,
        manifest: text,
        interim: formatManifest({ ...manifest, unfinished: true, files: { ...ours, ...manifest.files } }),
      })
    return { paths: [...wanted.keys()], changed, removed, mended }
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`)
  } finally {
    staging.close()
  }
}

const isExecutable = (directory: string, path: string): boolean => ((lookAt(directory, path)?.mode ?? 0) & 0o100) !== 0

interface Obstacle {
  readonly path: string
  /** Whether --force helps: the bundle does not need the place. */
  readonly forcible: boolean
}

/** Whether edge wrote the file at a path, as far as the last bundle.json says. */
const isOurs = (path: string, old: ManifestState): boolean =>
  path === manifestName
    ? old.kind === 'bundle' || old.kind === 'cut-short'
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

/** The paths that a bundle needs: its files, and the directories on the way to them. */
const placesOf = (paths: Iterable<string>): Set<string> => {
  const places = new Set<string>()
  for (const path of paths) {
    places.add(path)
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1))
      places.add(path.slice(0, slash))
  }
  return places
}

const refuseObstacles = (directory: string, all: readonly Obstacle[], force: boolean): void => {
  const obstacles = force ? all.filter(({ forcible }) => !forcible) : all
  if (obstacles.length === 0) return
  const named = obstacles.slice(0, 10).map(({ path }) => path)
  const more = obstacles.length > 10 ? ` and ${obstacles.length - 10} more` : ''
  const fixed = obstacles.some(({ forcible }) => !forcible)
  throw new InputError(`${directory} holds files that edge did not write: ${named.join(', ')}${more}`, {
    help: fixed
      ? 'the bundle has files of its own in these places: move them away, or choose another directory'
      : 'choose a directory of its own, or keep them beside the bundle with --force',
  })
}
