import { statSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import { assemble, type Rendering } from './assemble.ts'
import { hashOf, lookAt, readManifest, readWhole } from './directory.ts'

/** A file that is not what would be generated. */
export interface Difference {
  readonly path: string
  /** What is there; undefined when nothing is. */
  readonly before?: string
  /** What would be there; undefined when it would be removed. */
  readonly after?: string
}

/** A diff is for people: of bytes it shows their number. */
const textOf = (content: string | Uint8Array): string =>
  typeof content === 'string'
    ? content
    : content.includes(0)
      ? `${content.length} bytes\n`
      : Buffer.from(content).toString('utf8')

/**
 * Holds a directory against what would be generated into it. Files of others are not looked at.
 *
 * @throws InputError when there is no such directory
 */
export const compareBundle = (rendering: Rendering, directory: string): Difference[] => {
  const { files, wanted } = assemble(rendering)
  try {
    if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
      throw new InputError(`there is no bundle ${directory} to check`)
    const state = readManifest(directory)
    const stale = state.kind === 'bundle' ? Object.keys(state.manifest.files).filter((path) => !wanted.has(path)) : []
    const read = (path: string) => {
      const stat = lookAt(directory, path)
      if (stat?.isFile() !== true) return {}
      const content = readWhole(directory, path)
      return { before: content === undefined ? `${stat.size} bytes\n` : textOf(content) }
    }
    return [
      ...[...wanted]
        .filter(([path, hash]) => hashOf(directory, path) !== hash)
        .map(([path]) => ({ path, ...read(path), after: textOf(files.get(path)?.content ?? '') })),
      ...stale.map((path) => ({ path, ...read(path) })).filter(({ before }) => before !== undefined),
    ]
  } catch (error) {
    throw fileError(error, `cannot read ${directory}`)
  }
}
