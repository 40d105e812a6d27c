import { createHash } from 'node:crypto'
import { parseJson } from '../basics/json.ts'
import { isMap, mapOf } from '../basics/maps.ts'
import type { Mirror } from '../oci/mirrors.ts'
import type { Budget } from '../views/budget.ts'
import { type Explanation, explainModel } from '../views/explain.ts'
import type { Plan } from '../plan/plan.ts'
import { imageList, type ListedImage } from '../render/lists/list.ts'

export { manifestName } from './marks.ts'

/** `bundle.json`: what a bundle was made from and what it holds. Others read it: names only get added. */
export interface BundleManifest {
  readonly apiVersion: 'edge.microshift.dev/v1alpha1'
  readonly kind: 'Bundle'
  readonly name: string
  readonly namespace: string
  readonly tool: { readonly name: 'microshift-edge'; readonly version: string }
  readonly spec: { readonly sha256: string }
  readonly payload: {
    readonly release?: string
    readonly base: string
    readonly releaseInfo: { readonly sha256: string }
  }
  readonly images: readonly ListedImage[]
  /** Where devices and builds find registries and repositories; absent when nothing is said. */
  readonly mirrors?: readonly Mirror[]
  /** What the images cost; absent without a lock. */
  readonly budget?: Budget
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
  /** Each decision about the model, with where it comes from: `edge explain`. */
  readonly decisions: readonly BundleDecision[]
}

/** A decision with the line of the spec that it comes from. */
export interface BundleDecision extends Explanation {
  readonly line?: number
}

/** What a bundle is made with, beside its plan. */
export interface BundleOrigin {
  /** The version of edge. */
  readonly toolVersion: string
  /** The lines of the spec that JSON pointers lead to, from 1. */
  readonly linesOf: (pointers: Iterable<string>) => ReadonlyMap<string, number>
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/**
 * Describes a bundle.
 *
 * @param plan - what it was rendered from
 * @param hashes - path and sha256 of each of its files
 * @param origin - the version of edge, and the lines of the spec
 */
export const bundleManifest = (
  plan: Plan,
  hashes: ReadonlyMap<string, string>,
  { toolVersion, linesOf }: BundleOrigin,
): BundleManifest => {
  const { images, mirrors, budget } = imageList(plan)
  const decisions = plan.models.map((model) => explainModel(plan, model))
  const lines = linesOf(decisions.flat().flatMap(({ pointer }) => pointer ?? []))
  return {
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'Bundle',
    name: plan.name,
    namespace: plan.namespace,
    tool: { name: 'microshift-edge', version: toolVersion },
    spec: { sha256: plan.specSha256 },
    payload: {
      ...(plan.payload.release === undefined ? {} : { release: plan.payload.release }),
      base: plan.payload.base,
      releaseInfo: { sha256: plan.payload.releaseInfoSha256 },
    },
    images,
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(budget === undefined ? {} : { budget }),
    models: plan.models.map((model, index) => ({
      name: model.name,
      runtime: model.facts.runtime,
      source: model.decisions.source.value,
      port: model.facts.port.port,
      ...(model.route === undefined ? {} : { host: model.route.host.value }),
      decisions: (decisions[index] ?? []).map((decision) => {
        const line = decision.pointer === undefined ? undefined : lines.get(decision.pointer)
        return line === undefined ? decision : { ...decision, line }
      }),
    })),
    sites: plan.site === undefined ? plan.sites.map(({ name }) => name) : [plan.site],
    files: Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

export const formatManifest = (manifest: BundleManifest): string => `${JSON.stringify(manifest, undefined, 2)}\n`

/**
 * Reads a bundle.json that nobody has looked at yet.
 *
 * @returns the manifest, or undefined when the text is none of edge's
 */
export const parseManifest = (text: string): BundleManifest | undefined => {
  const content: Partial<Record<keyof BundleManifest, unknown>> = mapOf(parseJson(text))
  const { apiVersion, kind, files, images, models, mirrors = [] } = content
  const isOurs =
    apiVersion === 'edge.microshift.dev/v1alpha1' &&
    kind === 'Bundle' &&
    isListOf(images, 'reference', 'why') &&
    isListOf(models, 'name', 'decisions') &&
    areMirrors(mirrors) &&
    arePulled(images)
  if (
    !isOurs ||
    !isMap(files) ||
    !Object.entries(files).every(([path, hash]) => staysInside(path) && typeof hash === 'string')
  )
    return undefined
  return content as BundleManifest
}

/** Whether a value is a list of maps with a text and a list in them. */
const isListOf = (value: unknown, text: string, list: string): boolean =>
  Array.isArray(value) &&
  value.every((item: unknown) => isMap(item) && typeof item[text] === 'string' && Array.isArray(item[list]))

const areMirrors = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (item: unknown) => isMap(item) && ['prefix', 'location'].every((field) => typeof item[field] === 'string'),
  )

/** Whether images that are from archives say which. */
const arePulled = (images: unknown): boolean =>
  (images as readonly { readonly pullFrom?: unknown }[]).every(({ pullFrom = {} }) => isMap(pullFrom))

/** How every bundle.json begins. */
const head = '{\n  "apiVersion": "edge.microshift.dev/v1alpha1",\n  "kind": "Bundle",\n'

/** Whether a text that parseManifest refuses is the beginning of a bundle.json: the power went while it was written. */
export const isCutShort = (text: string): boolean =>
  text.length < head.length ? head.startsWith(text) : text.startsWith(head) && !text.endsWith('}\n')

/** Whether a path names something below the directory that it is relative to, in the one way in which edge writes it. */
export const staysInside = (path: string): boolean =>
  path !== '' &&
  !path.includes('\0') &&
  !path.includes('\\') &&
  path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')
