import { mkdirSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { File } from '../render/file.ts'
import { stagingPrefix } from './directory.ts'
import { manifestName } from './manifest.ts'

/** A directory beside the files of a bundle, where new ones wait until all of them are there. */
export interface Staging {
  /** Writes a file there. */
  readonly add: (file: File) => void
  /** How many files wait. */
  readonly count: () => number
  /** Puts what waits into place. */
  readonly commit: (change: Change) => void
  /** Takes it away, and what was made for it if nothing was put into place. */
  readonly close: () => void
}

export interface Change {
  /** Paths to remove. */
  readonly removed: readonly string[]
  /** bundle.json. */
  readonly manifest: string
  /** bundle.json while files are renamed: it names the old and the new files, and says that it is unfinished. */
  readonly interim: string
}

/**
 * Changes a bundle on disk. First everything is written into a directory beside the files, as it is rendered, so that no
 * fleet is held in memory; then renamed into place file by file, bundle.json last. From the first rename to the last,
 * bundle.json is the interim one: a run that is cut off leaves a bundle that says so, and the next run knows which files are
 * edge's.
 *
 * Until the first rename nothing of the old bundle is touched, and a failure leaves nothing behind.
 */
export const openStaging = (directory: string): Staging => {
  const made: string[] = []
  const waiting: string[] = []
  const staging = `${directory}/${stagingPrefix}${process.pid}`
  let begun = false
  const write = (name: string, content: string | Uint8Array, mode = 0o644) => {
    makeDirectory(staging, made)
    writeFileSync(`${staging}/${name}`, content, { mode })
  }
  return {
    add: ({ path, content, executable }) => {
      write(String(waiting.length), content, executable === true ? 0o755 : 0o644)
      waiting.push(path)
    },
    count: () => waiting.length,
    commit: ({ removed, manifest, interim }) => {
      const filesDiffer = waiting.length > 0 || removed.length > 0
      write('interim', interim)
      write(manifestName, manifest)
      removeLeftovers(directory)
      for (const parent of new Set(waiting.map((path) => dirname(`${directory}/${path}`)))) makeDirectory(parent, made)

      begun = true
      if (filesDiffer) renameSync(`${staging}/interim`, `${directory}/${manifestName}`)
      waiting.forEach((path, index) => renameSync(`${staging}/${index}`, `${directory}/${path}`))
      for (const path of removed) removeFile(directory, path)
      renameSync(`${staging}/${manifestName}`, `${directory}/${manifestName}`)
    },
    close: () => {
      if (made.includes(staging)) rmSync(staging, { recursive: true, force: true })
      if (!begun) for (const path of made.reverse()) if (path !== staging) rmdirSync(path)
    },
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
export const removeLeftovers = (directory: string): void => {
  for (const name of readdirSync(directory)) {
    if (name.startsWith(stagingPrefix) && !isRunning(Number(name.slice(stagingPrefix.length))))
      rmSync(`${directory}/${name}`, { recursive: true })
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return Number.isInteger(pid) && pid > 0 && process.kill(pid, 0)
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
