import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { File } from '../render/file.ts'
import { stagingPrefix } from './directory.ts'
import { manifestName } from './manifest.ts'

export interface Commit {
  readonly directory: string
  /** Files to write. */
  readonly fresh: readonly File[]
  /** Paths to remove. */
  readonly removed: readonly string[]
  /** bundle.json. */
  readonly manifest: string
  /** Whether bundle.json is another than the one that is there. */
  readonly manifestDiffers: boolean
  /** bundle.json while files are renamed: it names the old and the new files, and says that it is unfinished. */
  readonly interim: string
}

/**
 * Changes a bundle on disk. First everything is written into a directory beside the files, then renamed into place file by
 * file, bundle.json last. From the first rename to the last, bundle.json is the interim one: a run that is cut off leaves a
 * bundle that says so, and the next run knows which files are edge's.
 *
 * Until the first rename nothing of the old bundle is touched, and a failure leaves nothing behind.
 */
export const commit = ({ directory, fresh, removed, manifest, manifestDiffers, interim }: Commit): void => {
  const filesDiffer = fresh.length > 0 || removed.length > 0
  const made: string[] = []
  const staging = `${directory}/${stagingPrefix}${process.pid}`
  let begun = false
  try {
    makeDirectory(directory, made)
    removeLeftovers(directory)
    if (!filesDiffer && !manifestDiffers) return
    mkdirSync(staging)
    fresh.forEach(({ content, executable }, index) => writeFileSync(`${staging}/${index}`, content, { mode: executable === true ? 0o755 : 0o644 }))
    writeFileSync(`${staging}/interim`, interim)
    writeFileSync(`${staging}/${manifestName}`, manifest)
    for (const parent of new Set(fresh.map(({ path }) => dirname(`${directory}/${path}`)))) makeDirectory(parent, made)

    begun = true
    if (filesDiffer) renameSync(`${staging}/interim`, `${directory}/${manifestName}`)
    fresh.forEach(({ path }, index) => renameSync(`${staging}/${index}`, `${directory}/${path}`))
    for (const path of removed) removeFile(directory, path)
    renameSync(`${staging}/${manifestName}`, `${directory}/${manifestName}`)
  } finally {
    rmSync(staging, { recursive: true, force: true })
    if (!begun) for (const path of made.reverse()) rmdirSync(path)
  }
}

/**
 * Makes a directory and its parents, and adds those that were not there to a list. (Node's recursive mkdir does not end
 * where a file system answers ENOENT to a mkdir in a directory that exists, as /proc does.)
 */
const makeDirectory = (path: string, made: string[]): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(path) !== path) makeDirectory(dirname(path), made)
  mkdirSync(path)
  made.push(path)
}

/** Removes what a run left that was cut off; one that still runs keeps its own. */
const removeLeftovers = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    if (name.startsWith(stagingPrefix) && !isRunning(Number(name.slice(stagingPrefix.length)))) rmSync(`${directory}/${name}`, { recursive: true })
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return Number.isInteger(pid) && pid > 0 && pid !== process.pid && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a file of the last bundle, and the directories that it leaves empty. */
const removeFile = (directory: string, path: string): void => {
  rmSync(`${directory}/${path}`)
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (readdirSync(`${directory}/${parent}`).length > 0) return
    rmdirSync(`${directory}/${parent}`)
  }
}
