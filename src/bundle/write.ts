import { existsSync, statSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'
import { commit } from './commit.ts'
import { filesBelow, hashOf, lookAt, readManifest } from './directory.ts'
import { assemble } from './assemble.ts'
import { type BundleOrigin, formatManifest, manifestName } from './manifest.ts'

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
export const writeBundle = (plan: Plan, rendered: Iterable<File>, { directory, force, ...origin }: WriteOptions): Written => {
  const { files, manifest, wanted } = assemble(plan, rendered, origin)
  try {
    const { ours, obstacles } = existsSync(directory) ? inspect(directory, wanted) : { ours: {}, obstacles: [] }
    const standing = force ? obstacles.filter(({ forcible }) => !forcible) : obstacles
    if (standing.length > 0) throw refuse(directory, standing)

    const differs = (path: string, hash: string) => hashOf(directory, path) !== hash || (files.get(path)?.executable === true && !isExecutable(directory, path))
    const changed = [...wanted].filter(([path, hash]) => differs(path, hash)).map(([path]) => path)
    const removed = Object.keys(ours).filter((path) => !wanted.has(path) && lookAt(directory, path)?.isFile() === true)
    const mended = changed.filter((path) => Object.hasOwn(ours, path) && ![undefined, ours[path]].includes(hashOf(directory, path)))
    commit({
      directory,
      fresh: changed.flatMap((path) => files.get(path) ?? []),
      removed,
      manifest: formatManifest(manifest),
      manifestDiffers: changed.includes(manifestName),
      interim: formatManifest({ ...manifest, unfinished: true, files: { ...ours, ...manifest.files } }),
    })
    return { paths: [...files.keys(), manifestName], changed: changed.length, removed, mended }
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`)
  }
}

const isExecutable = (directory: string, path: string): boolean => ((lookAt(directory, path)?.mode ?? 0) & 0o100) !== 0

interface Obstacle {
  readonly path: string
  /** Whether --force helps: the bundle does not need the place. */
  readonly forcible: boolean
}

/** What the directory holds: the files that edge wrote, with their checksums, and what stands in the way. */
const inspect = (directory: string, wanted: ReadonlyMap<string, string>): { ours: Readonly<Record<string, string>>; obstacles: Obstacle[] } => {
  if (!statSync(directory).isDirectory()) throw new InputError(`cannot write ${directory}: it is a file`, { help: 'give a directory with -o' })
  const state = readManifest(directory)
  const ours = state.kind === 'bundle' ? state.manifest.files : {}
  const isOurs = (path: string) => Object.hasOwn(ours, path) || (path === manifestName && (state.kind === 'bundle' || state.kind === 'cut-short'))
  const foreign = filesBelow(directory)
    .filter((path) => !isOurs(path) || lookAt(directory, path)?.isFile() !== true)
    // What a run wrote before it was cut off is as it should be.
    .filter((path) => !wanted.has(path) || hashOf(directory, path) !== wanted.get(path))
  const places = placesOf(wanted.keys())
  const blocked = [...wanted.keys()].filter((path) => lookAt(directory, path)?.isDirectory() === true)
  return { ours, obstacles: [...foreign.map((path) => ({ path, forcible: !places.has(path) })), ...blocked.map((path) => ({ path, forcible: false }))] }
}

/** The paths that a bundle needs: its files, and the directories on the way to them. */
const placesOf = (paths: Iterable<string>): Set<string> => {
  const places = new Set<string>()
  for (const path of paths) {
    places.add(path)
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) places.add(path.slice(0, slash))
  }
  return places
}

const refuse = (directory: string, obstacles: readonly Obstacle[]): InputError => {
  const named = obstacles.slice(0, 10).map(({ path }) => path)
  const more = obstacles.length > 10 ? ` and ${obstacles.length - 10} more` : ''
  const fixed = obstacles.some(({ forcible }) => !forcible)
  return new InputError(`${directory} holds files that edge did not write: ${named.join(', ')}${more}`, {
    help: fixed ? 'the bundle has files of its own in these places: move them away, or choose another directory' : 'choose a directory of its own, or keep them beside the bundle with --force',
  })
}
