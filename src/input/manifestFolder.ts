import { closeSync, type Dirent, existsSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { manifestHead, manifestName } from '../bundle/marks.ts'
import { fileError, InputError } from '../errors.ts'
import { openFile } from './openFile.ts'

/** More files than any folder of manifests holds. */
const mostFiles = 2000
/** Deeper than any folder of manifests is. */
const deepest = 32

/**
 * The files of a folder of manifests and of the folders in it, as paths from it, sorted. What could not go into a bundle as it
 * is, is refused: links to folders, what is no file, a bundle, names that a kustomization cannot name.
 *
 * @param folder - its path
 * @param bundle - where the bundle is written, if that is known: not into the folder, which would hold it from then on
 * @throws InputError
 */
export const manifestFolder = (folder: string, bundle?: string): string[] => {
  if (bundle !== undefined && isBelow(realpathSync(folder), realPlace(bundle)))
    throw new InputError(`the bundle would be written into it, to ${bundle}, and be a part of itself the next time`)
  const found: string[] = []
  const walk = (below: string, depth: number) => {
    if (depth > deepest) throw new InputError(`it has more than ${deepest} levels of folders`)
    for (const entry of entriesOf(join(folder, below))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      checkName(path)
      if (entry.isDirectory()) walk(path, depth + 1)
      else if (leadsToFolder(entry, join(folder, path)))
        throw new InputError(`${path} in it is a link to a folder: only links to files are followed`)
      else {
        if (entry.name === manifestName && isManifest(join(folder, path)))
          throw new InputError(
            `${below === '' ? 'it' : `${below} in it`} is a bundle that edge wrote: keep bundles elsewhere (generate -o DIR)`,
          )
        found.push(path)
        if (found.length > mostFiles) throw new InputError(`it is a folder of more than ${mostFiles} files`)
      }
    }
  }
  walk('', 1)
  if (found.length === 0) throw new InputError('it is an empty folder')
  found.sort()
  const kustomizations = found.filter(isKustomization)
  for (const second of kustomizations) {
    const first = kustomizations.find((one) => dirname(one) === dirname(second))
    if (first !== undefined && first !== second)
      throw new InputError(`${first} and ${second} in it are two kustomizations of one folder: kustomize takes one`)
  }
  return found
}

const isKustomization = (path: string): boolean => /^(?:kustomization\.ya?ml|Kustomization)$/.test(basename(path))

/**
 * Refuses a single file whose name says that it is no manifest: all of it would go into the cluster unread.
 *
 * @param path - from the spec
 * @throws InputError
 */
export const refuseOther = (path: string): void => {
  if (!/\.(?:ya?ml|json)$/i.test(path))
    throw new InputError('its name does not end in .yaml, .yml or .json, as those of manifests do: rename it')
}

/**
 * Refuses a name that has no place in a kustomization or in a list of checksums.
 *
 * @throws InputError
 */
export const checkName = (path: string): void => {
  if (path.includes('\\')) throw new InputError(`${path} has a backslash in its name: rename it`)
  if (/[\0-\x1f\x7f\u0080-\u009f\u2028\u2029]/.test(path))
    throw new InputError(`${JSON.stringify(path)} has control characters in its name: rename it`)
  if (path.includes('\ufffd')) throw new InputError(`${path} has a name that is not UTF-8: rename it`)
}

/**
 * Refuses a kustomization that is named as a manifest: kustomize builds one from its folder alone.
 *
 * @param path - from the spec
 * @throws InputError
 */
export const refuseKustomization = (path: string): void => {
  if (!isKustomization(path)) return
  throw new InputError(
    dirname(path) === '.'
      ? 'it is a kustomization: move it into a folder, with the files that it names, and name the folder'
      : `it is a kustomization: name its folder instead, ${dirname(path)}`,
  )
}

const entriesOf = (directory: string): Dirent[] => {
  try {
    return readdirSync(directory, { withFileTypes: true })
  } catch (error) {
    throw fileError(error, 'cannot read it')
  }
}

const leadsToFolder = (entry: Dirent, path: string): boolean => {
  if (!entry.isSymbolicLink()) return false
  try {
    readdirSync(path)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
  }
}

/** Whether a file is the bundle.json of a bundle. */
const isManifest = (path: string): boolean => {
  try {
    const { file } = openFile(path)
    try {
      const start = Buffer.alloc(manifestHead.length)
      return start.toString('latin1', 0, readSync(file, start)) === manifestHead
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw fileError(error, 'cannot read it')
  }
}

const isBelow = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return way.split(sep)[0] !== '..'
}

/** Where a path leads, links followed as far as it is there. */
const realPlace = (path: string): string => {
  const whole = resolve(path)
  return existsSync(whole) || dirname(whole) === whole
    ? realpathSync(whole)
    : join(realPlace(dirname(whole)), basename(whole))
}
