import { createHash } from 'node:crypto'
import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'

/** Name of the file that makes a directory a bundle. */
export const manifestName = 'bundle.json'

/** `bundle.json`: what a bundle was made from and what it holds. Others read it: names only get added. */
export interface BundleManifest {
  readonly apiVersion: 'edge.microshift.dev/v1alpha1'
  readonly kind: 'Bundle'
  readonly name: string
  readonly namespace: string
  readonly tool: { readonly name: 'microshift-edge'; readonly version: string }
  readonly spec: { readonly sha256: string }
  readonly payload: { readonly release?: string; readonly base: string; readonly releaseInfo: { readonly sha256: string } }
  readonly images: readonly { readonly reference: string; readonly digest?: string; readonly why: readonly string[] }[]
  readonly models: readonly BundleModel[]
  /** Names of the sites that have an overlay, or of the one that the bundle is for. */
  readonly sites: readonly string[]
  /** Only while a run writes, or after it was cut off: the files of the bundle before and of this one. */
  readonly unfinished?: true
  /** Path → sha256 of every other file, sorted by path. */
  readonly files: Readonly<Record<string, string>>
}

export interface BundleModel {
  readonly name: string
  readonly runtime: string
  readonly source: string
  readonly port: number
  readonly host?: string
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/**
 * Describes a bundle.
 *
 * @param plan - what it was rendered from
 * @param hashes - path and sha256 of each of its files
 */
export const bundleManifest = (plan: Plan, hashes: ReadonlyMap<string, string>, toolVersion: string): BundleManifest => ({
  apiVersion: 'edge.microshift.dev/v1alpha1',
  kind: 'Bundle',
  name: plan.name,
  namespace: plan.namespace,
  tool: { name: 'microshift-edge', version: toolVersion },
  spec: { sha256: plan.specSha256 },
  payload: { ...(plan.payload.release === undefined ? {} : { release: plan.payload.release }), base: plan.payload.base, releaseInfo: { sha256: plan.payload.releaseInfoSha256 } },
  images: plan.images,
  models: plan.models.map(({ name, runtime, storageUri, port, route }) => ({ name, runtime, source: storageUri, port, ...(route === undefined ? {} : { host: route.host }) })),
  sites: plan.site === undefined ? plan.sites.map(({ name }) => name) : [plan.site],
  files: Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1))),
})

export const formatManifest = (manifest: BundleManifest): string => `${JSON.stringify(manifest, undefined, 2)}\n`

/**
 * Reads a bundle.json that nobody has looked at yet.
 *
 * @returns the manifest, or undefined when the text is none of edge's
 */
export const parseManifest = (text: string): BundleManifest | undefined => {
  let content: Partial<Record<keyof BundleManifest, unknown>> | null
  try {
    content = JSON.parse(text) as typeof content
  } catch {
    return undefined
  }
  const { apiVersion, kind, files, images, models } = content ?? {}
  const isOurs = apiVersion === 'edge.microshift.dev/v1alpha1' && kind === 'Bundle' && Array.isArray(images) && Array.isArray(models)
  if (!isOurs || typeof files !== 'object' || files === null || !Object.entries(files).every(([path, hash]) => staysInside(path) && typeof hash === 'string')) return undefined
  return content as unknown as BundleManifest
}

/** How every bundle.json begins. */
const head = '{\n  "apiVersion": "edge.microshift.dev/v1alpha1",\n  "kind": "Bundle",\n'

/** Whether a text that parseManifest refuses is the beginning of a bundle.json: the power went while it was written. */
export const isCutShort = (text: string): boolean => (text.length < head.length ? head.startsWith(text) : text.startsWith(head) && !text.endsWith('}\n'))

/** Whether a path names something below the directory that it is relative to, in the one way in which edge writes it. */
export const staysInside = (path: string): boolean =>
  path !== '' && !path.includes('\0') && !path.includes('\\') && path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')

/** The files of a bundle as the writer takes them: each once, none outside. */
export const collectFiles = (files: Iterable<File>): Map<string, File> => {
  const collected = new Map<string, File>()
  for (const file of files) {
    if (!staysInside(file.path) || file.path === manifestName || collected.has(file.path)) throw new Error(`a renderer made the path ${JSON.stringify(file.path)}, which is outside the bundle or there already`)
    collected.set(file.path, file)
  }
  return collected
}
