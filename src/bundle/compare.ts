import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileError, InputError } from '../errors.ts'
import { assemble } from './assemble.ts'
import { hashOf, lookAt, readManifest } from './directory.ts'
import { type BundleOrigin, formatManifest, manifestName } from './manifest.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'

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
export const compareBundle = (
  plan: Plan,
  rendered: Iterable<File>,
  directory: string,
  origin: BundleOrigin,
): Difference[] => {
  const { files, manifest, wanted } = assemble(plan, rendered, origin)
  try {
    if (!existsSync(directory) || !statSync(directory).isDirectory())
      throw new InputError(`there is no bundle ${directory} to check`)
    const state = readManifest(directory)
    const stale = state.kind === 'bundle' ? Object.keys(state.manifest.files).filter((path) => !wanted.has(path)) : []
    const read = (path: string) =>
      lookAt(directory, path)?.isFile() === true ? { before: textOf(readFileSync(join(directory, path))) } : {}
    return [
      ...[...wanted]
        .filter(([path, hash]) => hashOf(directory, path) !== hash)
        .map(([path]) => ({
          path,
          ...read(path),
          after: path === manifestName ? formatManifest(manifest) : textOf(files.get(path)?.content ?? ''),
        })),
      ...stale.map((path) => ({ path, ...read(path) })).filter(({ before }) => before !== undefined),
    ]
  } catch (error) {
    throw fileError(error, `cannot read ${directory}`)
  }
}
