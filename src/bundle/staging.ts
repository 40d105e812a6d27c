import { lstatSync, readdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { EnvironmentError } from '../errors.ts'
import type { File } from '../render/file.ts'
import { type Disk, realDisk } from './disk.ts'
import { manifestName, sumsName } from './marks.ts'
import { type Owner, thisProcess } from './owner.ts'
import { findStagings, makeStaging, removeStaging } from './stagingDirectory.ts'

/** A directory beside the files of a bundle, where new ones wait until all of them are there. While it is open, no other run writes. */
export interface Staging {
  /** Waits until no other run writes here, and keeps others from it; removes what runs left that were cut off. */
  readonly open: () => void
  readonly isOpen: () => boolean
  /** Waits until no other run writes here, and keeps nobody from it. */
  readonly settle: () => void
  /** Removes what runs left that were cut off, for a run that writes nothing else; as far as it can. */
  readonly sweep: () => void
  /** Says that this run goes on: for times in which it adds nothing. */
  readonly keepAlive: () => void
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
  /** SHA256SUMS. */
  readonly sums: string
}

export interface StagingOptions {
  /** Told once when another run writes here, and this one waits for it. */
  readonly onWait?: (what: string) => void
  /** How long it waits, in milliseconds: by default longer than a run that was killed in another container seems to go on. */
  readonly patience?: number
  /** After that many milliseconds without a sign of life, a run that cannot be asked counts as gone. */
  readonly silence?: number
  readonly disk?: Disk
  readonly owner?: Owner
}

/**
 * Changes a bundle on disk. First everything is written into a directory beside the files, as it is rendered, so that no
 * fleet is held in memory; then renamed into place file by file, SHA256SUMS last but one and bundle.json last. From the first
 * rename to the last, bundle.json is the interim one: a run that is cut off leaves a bundle that says so, and the next run
 * knows which files are edge's. The last rename makes the bundle whole in one moment: the checksum of the final bundle.json is
 * in SHA256SUMS already.
 *
 * Until the first rename nothing of the old bundle is touched, and a failure leaves nothing behind.
 *
 * One run writes at a time. Each says by its directory that it writes, and then looks whether another says so too: of two that
 * begin together at least one sees the other, and steps back. There is nothing to unlock after a run that was killed: its
 * directory names a process that is gone.
 */
export const openStaging = (directory: string, options: StagingOptions = {}): Staging => {
  const { disk = realDisk, owner = thisProcess(), patience = 30_000, silence = 20_000, onWait } = options
  const made: string[] = []
  const waiting: string[] = []
  let name: string | undefined
  let begun = false
  let lastSign = 0
  const path = () => `${directory}/${name ?? ''}`

  /** The directory is this run's alone, or not at all. */
  const claim = (): string | undefined => {
    makeDirectory(directory, made, disk)
    const own = makeStaging(directory, owner, disk)
    try {
      const now = statSync(`${directory}/${own}`).mtimeMs
      const others = findStagings(directory, now - silence).filter((other) => other.name !== own)
      if (!others.some(({ isLive }) => isLive)) {
        for (const other of others) removeStaging(directory, other.name, disk)
        return own
      }
    } catch (error) {
      removeStaging(directory, own, disk)
      throw error
    }
    removeStaging(directory, own, disk)
    return undefined
  }

  /** Asks until an attempt gives something, while another run writes. */
  const untilFree = <T>(attempt: () => T | undefined): T => {
    const begin = Date.now()
    let told = false
    for (;;) {
      const [other] = findStagings(directory, Date.now() - silence).filter(({ isLive }) => isLive)
      if (other === undefined) {
        const result = tolerating(attempt)
        if (result !== undefined) return result
      }
      const waited = Date.now() - begin
      const who = other?.pid === undefined ? 'another run of edge' : `another run of edge (process ${other.pid})`
      if (waited > 300 && !told) {
        told = true
        onWait?.(`${directory}: waiting for ${who}, which writes there`)
      }
      if (waited > patience)
        throw new EnvironmentError(`cannot write ${directory}: ${who} writes there`, {
          help: 'wait for its end, and generate again',
        })
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 + Math.random() * 40)
    }
  }

  let missed = 0
  /** Another run that ends takes away what it made for itself, and this one finds it gone: it begins anew. */
  const tolerating = <T>(attempt: () => T | undefined): T | undefined => {
    try {
      return attempt()
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && ++missed < 5) return undefined
      throw error
    }
  }

  const write = (file: string, content: string | Uint8Array, mode = 0o644) => {
    disk.write(`${path()}/${file}`, content, mode)
    lastSign = Date.now()
  }

  /** Puts a file that waits into its place. */
  const put = (file: string, place: string) => {
    try {
      disk.rename(`${path()}/${file}`, `${directory}/${place}`)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      throw new EnvironmentError(`cannot write ${directory}: somebody removed what edge had put there to write it`, {
        help: 'generate again',
        cause: error,
      })
    }
  }

  return {
    open: () => {
      name ??= untilFree(claim)
      lastSign = Date.now()
    },
    isOpen: () => name !== undefined,
    settle: () => {
      if (name === undefined) untilFree(() => true)
    },
    sweep: () => {
      try {
        for (const { name: left, isLive } of findStagings(directory, Date.now() - silence))
          if (!isLive) removeStaging(directory, left, disk)
      } catch {
        // It harms nobody: no command takes it for a part of the bundle.
      }
    },
    keepAlive: () => {
      if (name === undefined || Date.now() - lastSign < 1000) return
      disk.touch(path())
      lastSign = Date.now()
    },
    add: ({ path: place, content, executable }) => {
      write(String(waiting.length), content, executable === true ? 0o755 : 0o644)
      waiting.push(place)
    },
    count: () => waiting.length,
    commit: ({ removed, manifest, interim, sums }) => {
      write('interim', interim)
      write(sumsName, sums)
      write(manifestName, manifest)
      for (const parent of new Set(waiting.map((place) => dirname(`${directory}/${place}`))))
        makeDirectory(parent, made, disk)

      begun = true
      put('interim', manifestName)
      waiting.forEach((place, index) => put(String(index), place))
      for (const place of removed) removeFile(directory, place, disk)
      put(sumsName, sumsName)
      put(manifestName, manifestName)
    },
    close: () => {
      try {
        if (name !== undefined) removeStaging(directory, name, disk)
        if (!begun) for (const one of made.reverse()) disk.removeDirectory(one)
      } catch {
        // What stays is the next run's to remove; what is thrown already says more.
      }
    },
  }
}

/**
 * Makes a directory and its parents, and adds those that were not there to a list. (Node's recursive mkdir does not end
 * where a file system answers ENOENT to a mkdir in a directory that exists, as /proc does.)
 */
const makeDirectory = (path: string, made: string[], disk: Disk): void => {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return
  if (dirname(path) !== path) makeDirectory(dirname(path), made, disk)
  try {
    disk.makeDirectory(path)
  } catch (error) {
    // Another run that begins at the same time made it.
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && lstatSync(path).isDirectory()) return
    throw error
  }
  made.push(path)
}

/** Removes a file of the last bundle, and the directories that it leaves empty. */
const removeFile = (directory: string, path: string, disk: Disk): void => {
  disk.removeFile(`${directory}/${path}`)
  for (let parent = dirname(path); parent !== '.'; parent = dirname(parent)) {
    if (readdirSync(`${directory}/${parent}`).length > 0) return
    disk.removeDirectory(`${directory}/${parent}`)
  }
}
