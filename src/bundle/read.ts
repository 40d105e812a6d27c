import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileError, InputError } from '../errors.ts'
import { type Finding, finding, messageOf } from '../findings/finding.ts'
import { hashOf, isSameManifest, readManifest, readWhole as readFile, unlistedBelow } from './directory.ts'
import { type BundleManifest, sha256 } from './manifest.ts'
import { manifestName, sumsName } from './marks.ts'
import { formatSums } from './sums.ts'

export interface ReadBundle {
  /** Absent when bundle.json itself is damaged. */
  readonly manifest?: BundleManifest
  /** Files that are missing, not what `edge generate` wrote, or not the bundle's at all. */
  readonly findings: readonly Finding[]
}

/**
 * Reads a bundle, and holds its files against bundle.json and that against SHA256SUMS. What stands in its directory beside
 * them is a finding as well: a build or a kustomization may take it along.
 *
 * @param directory - the bundle
 * @throws InputError when the directory is no bundle
 */
export const readBundle = (directory: string): ReadBundle =>
  reading(directory, () =>
    readUnchanged(directory, (manifest, text) => [
      ...holdAgainstSums(directory, manifest, text),
      ...unlistedFindings(directory, manifest),
    ]),
  )

/**
 * The bundle.json of a bundle whose files are all as edge wrote them, for a command that works on no other.
 *
 * @throws InputError
 */
export const readWhole = (directory: string): BundleManifest => {
  const { manifest, findings } = reading(directory, () =>
    readUnchanged(directory, (there, text) => holdAgainstSums(directory, there, text)),
  )
  const [first] = findings
  if (manifest !== undefined && first === undefined) return manifest
  throw new InputError(`${directory} is unfinished or damaged${first === undefined ? '' : `: ${messageOf(first)}`}`, {
    help: '`edge validate` lists all; the next `edge generate` mends it',
  })
}

/**
 * A file of a bundle, as bundle.json lists it at this moment: what somebody put in its place since is refused.
 *
 * @throws InputError
 */
export const readListed = (directory: string, { files }: BundleManifest, path: string): Buffer => {
  try {
    if (!Object.hasOwn(files, path)) throw new InputError(`${directory} lists no file ${path}`)
    const content = readFile(directory, path)
    if (content !== undefined && sha256(content) === files[path]) return content
    throw new InputError(`${join(directory, path)} was changed while edge read the bundle`, { help: 'try again' })
  } catch (error) {
    throw fileError(error, `cannot read ${join(directory, path)}`)
  }
}

/** Whether the image build or a kustomization of somebody's may take a file along with those beside it. */
const isTakenAlong = (path: string): boolean => /^(?:bootc\/rootfs|manifests\.d|overlays)\//.test(path)

const reading = <T>(directory: string, read: () => T): T => {
  try {
    if (!existsSync(directory)) throw new InputError(`there is no bundle ${directory}`)
    if (!statSync(directory).isDirectory())
      throw new InputError(`${directory} is a file, not a bundle`, { help: 'for a spec use -f FILE' })
    return read()
  } catch (error) {
    throw fileError(error, `cannot read ${directory}`)
  }
}

/** Nobody writes faster than a reader looks that often. */
const attempts = 3

/**
 * Reads bundle.json before and after everything else that is looked at: one that changed in between is that of a run which
 * goes on, and what was seen may be of two bundles.
 *
 * @param look - all that looks at other files and directories of the bundle
 */
const readUnchanged = (
  directory: string,
  look: (manifest: BundleManifest, text: string) => readonly Finding[],
): ReadBundle => {
  for (let attempt = 1; ; attempt++) {
    const state = readManifest(directory)
    if (state.kind === 'damaged') return { findings: [finding('bundle-file-changed', { path: manifestName })] }
    if (state.kind !== 'bundle')
      throw new InputError(`${directory} is no bundle: it has no bundle.json that edge wrote`, {
        help: 'make one: edge generate -f edge.yaml -o DIR',
      })
    const { manifest, text } = state
    const findings = look(manifest, text)
    if (isSameManifest(state, readManifest(directory))) return { manifest, findings }
    if (attempt === attempts) return { findings: [finding('bundle-unfinished', {})] }
  }
}

/** What is missing or changed, by bundle.json, and what SHA256SUMS says of that. */
const holdAgainstSums = (directory: string, manifest: BundleManifest, text: string): Finding[] => {
  const changed = Object.entries(manifest.files).flatMap(([path, hash]) => {
    const found = hashOf(directory, path)
    if (found === undefined) return [finding('bundle-file-missing', { path })]
    return found === hash ? [] : [finding('bundle-file-changed', { path })]
  })
  return manifest.unfinished === true
    ? [finding('bundle-unfinished', {}), ...changed]
    : [...sumsFindings(directory, manifest, text), ...changed]
}

/** What stands beside the files that bundle.json lists. */
const unlistedFindings = (directory: string, { files }: BundleManifest): Finding[] =>
  unlistedBelow(directory, new Set([...Object.keys(files), manifestName, sumsName])).map((path) =>
    finding(isTakenAlong(path) ? 'bundle-file-unlisted' : 'bundle-file-beside', { path }),
  )

/** What SHA256SUMS says of bundle.json, which says everything about the rest. */
const sumsFindings = (directory: string, { files }: BundleManifest, text: string): Finding[] => {
  const there = readFile(directory, sumsName)?.toString('utf8')
  if (there === undefined) return [finding('bundle-file-missing', { path: sumsName })]
  const own = sha256(text)
  if (there === formatSums([...Object.entries(files), [manifestName, own]])) return []
  const says = there.split('\n').find((line) => line.endsWith(`  ${manifestName}`))
  return [finding('bundle-file-changed', { path: says?.startsWith(own) === true ? sumsName : manifestName })]
}
