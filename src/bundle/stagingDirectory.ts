import { randomBytes } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import type { Disk } from './disk.ts'
import { isRunning, type Owner } from './owner.ts'

/** How a directory of the writer's own is called: at random, so that none is there already and no link can wait in its place. */
const shape = /^\.edge-staging-[0-9a-f]{16}$/
/** The file in it that proves whose it is: no look-alike has one. */
const ownerFile = 'owner.json'

/** A directory of the shape of the writer's own. */
export interface FoundStaging {
  readonly name: string
  /** Whether its run goes on, as far as can be told. */
  readonly isLive: boolean
  readonly pid?: number
}

/**
 * Makes a directory of the writer's own in the directory of a bundle. It says to all other runs that one writes here; no run
 * writes beside another.
 *
 * @returns its name
 */
export const makeStaging = (directory: string, owner: Owner, disk: Disk): string => {
  const name = `.edge-staging-${randomBytes(8).toString('hex')}`
  disk.makeDirectory(`${directory}/${name}`)
  try {
    disk.write(`${directory}/${name}/${ownerFile}`, `${JSON.stringify(owner)}\n`, 0o644)
  } catch (error) {
    removeStaging(directory, name, disk)
    throw error
  }
  return name
}

/** Whether something in the directory of a bundle is the writer's own. Nobody else's is, whatever its name looks like. */
export const isStaging = (directory: string, name: string): boolean => inspect(directory, name) !== undefined

/**
 * The directories of the writer's own in the directory of a bundle: of runs that go on, and of those that were cut off.
 *
 * @param silentSince - a time in milliseconds, by the clock of the file system: a run that cannot be asked, since it is of
 * another container or another machine, counts as gone when it gave no sign of life after it
 */
export const findStagings = (directory: string, silentSince: number): FoundStaging[] =>
  namesIn(directory).flatMap((name) => {
    const found = inspect(directory, name)
    if (found === undefined) return []
    const { owner, lastSign } = found
    if (owner === 'nobody yet') return { name, isLive: false }
    const runs = owner === undefined ? undefined : isRunning(owner)
    return {
      name,
      // Node's clock counts whole milliseconds, that of a file system parts of them: a sign of this moment is none of later.
      isLive: runs ?? Math.floor(lastSign) > silentSince,
      ...(owner === undefined ? {} : { pid: owner.pid }),
    }
  })

interface Inspected {
  /** Undefined when its run was cut off while it wrote that. */
  readonly owner: Owner | undefined | 'nobody yet'
  /** In milliseconds. */
  readonly lastSign: number
}

/** @returns undefined for what is not the writer's own */
const inspect = (directory: string, name: string): Inspected | undefined => {
  if (!shape.test(name)) return undefined
  const path = `${directory}/${name}`
  const stat = lstatSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory() !== true) return undefined
  const lastSign = stat.mtimeMs
  const said = lstatSync(`${path}/${ownerFile}`, { throwIfNoEntry: false })
  if (said?.isFile() === true) return { owner: ownerOf(`${path}/${ownerFile}`), lastSign }
  // A run makes the directory before it says in it whose it is, and begins anew when it is gone by then. One that holds
  // something without saying so is somebody else's.
  const names = namesIn(path)
  if (names.length === 0) return { owner: 'nobody yet', lastSign }
  // It said so between the two looks.
  return said === undefined && names.includes(ownerFile) ? inspect(directory, name) : undefined
}

/** Removes a directory of the writer's own: what proves that it is, last. */
export const removeStaging = (directory: string, name: string, disk: Disk): void => {
  const path = `${directory}/${name}`
  const names = namesIn(path)
  for (const file of names.filter((one) => one !== ownerFile)) disk.removeFile(`${path}/${file}`)
  if (names.includes(ownerFile)) disk.removeFile(`${path}/${ownerFile}`)
  disk.removeDirectory(path)
}

/** Whose a directory is; undefined when its run was cut off while it wrote that. */
const ownerOf = (path: string): Owner | undefined => {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Partial<Record<keyof Owner, unknown>> | null
    const { numbering, pid, start } = owner ?? {}
    return typeof numbering === 'string' && typeof pid === 'number' && typeof start === 'string'
      ? { numbering, pid, start }
      : undefined
  } catch {
    return undefined
  }
}

/** A directory that another run has just taken away holds nothing. */
const namesIn = (directory: string): string[] => {
  try {
    return readdirSync(directory)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
