import { existsSync, statSync } from 'node:fs'
import { fileError, InputError } from '../errors.ts'
import { type Finding, finding, messageOf } from '../findings/finding.ts'
import { hashOf, readManifest } from './directory.ts'
import { type BundleManifest, manifestName } from './manifest.ts'

export interface ReadBundle {
  /** Absent when bundle.json itself is damaged. */
  readonly manifest?: BundleManifest
  /** Files that are missing or not what `edge generate` wrote. */
  readonly findings: readonly Finding[]
}

/**
 * Reads a bundle and holds its files against bundle.json.
 *
 * @param directory - the bundle
 * @throws InputError when the directory is no bundle
 */
export const readBundle = (directory: string): ReadBundle => {
  try {
    if (!existsSync(directory)) throw new InputError(`there is no bundle ${directory}`)
    if (!statSync(directory).isDirectory())
      throw new InputError(`${directory} is a file, not a bundle`, { help: 'for a spec use -f FILE' })
    const state = readManifest(directory)
    if (state.kind === 'cut-short') return { findings: [finding('bundle-file-changed', { path: manifestName })] }
    if (state.kind !== 'bundle')
      throw new InputError(`${directory} is no bundle: it has no bundle.json that edge wrote`, {
        help: 'make one: edge generate -f edge.yaml -o DIR',
      })
    const { manifest } = state
    const changed = Object.entries(manifest.files).flatMap(([path, hash]) => {
      const found = hashOf(directory, path)
      if (found === undefined) return [finding('bundle-file-missing', { path })]
      return found === hash ? [] : [finding('bundle-file-changed', { path })]
    })
    return {
      manifest,
      findings: manifest.unfinished === true ? [finding('bundle-unfinished', {}), ...changed] : changed,
    }
  } catch (error) {
    throw fileError(error, `cannot read ${directory}`)
  }
}

/**
 * The bundle.json of a bundle whose files are all as edge wrote them, for a command that works on no other.
 *
 * @throws InputError
 */
export const readWhole = (directory: string): BundleManifest => {
  const { manifest, findings } = readBundle(directory)
  const [first] = findings
  if (manifest !== undefined && first === undefined) return manifest
  throw new InputError(`${directory} is unfinished or damaged${first === undefined ? '' : `: ${messageOf(first)}`}`, {
    help: '`edge validate` lists all; the next `edge generate` mends it',
  })
}
