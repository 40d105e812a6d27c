import { createHash } from 'node:crypto'
import { parseJson } from '../basics/json.ts'
import { isMap } from '../basics/maps.ts'
import { manifestHead, manifestName, sumsName } from './marks.ts'
import type { Mirror } from '../oci/mirrors.ts'
import type { Budget } from '../views/budget.ts'
import type { Explanation } from '../views/explain.ts'
import { fields, isSize, isText, listOf, type Shape } from './shape.ts'
import type { ListedImage } from '../render/lists/list.ts'

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
  /** Path → sha256 of every other file but SHA256SUMS, which holds the checksum of this one; sorted by path. */
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

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

export const formatManifest = (manifest: BundleManifest): string => `${JSON.stringify(manifest, undefined, 2)}\n`

/**
 * Reads a bundle.json that nobody has looked at yet.
 *
 * @returns the manifest, or undefined when the text is none of edge's
 */
export const parseManifest = (text: string): BundleManifest | undefined => {
  const content = parseJson(text)
  return isManifest(content) ? (content as BundleManifest) : undefined
}

/** Whether a text that parseManifest refuses was a bundle.json: cut short when the power went, or changed since. */
export const isDamaged = (text: string): boolean => manifestHead.startsWith(text) || text.startsWith(manifestHead)

/** Whether a path names something below the directory that it is relative to, in the one way in which edge writes it. */
export const staysInside = (path: string): boolean =>
  path !== '' &&
  !/[\0-\x1f\x7f\\]/.test(path) &&
  path.split('/').every((step) => step !== '' && step !== '.' && step !== '..')

/** Whether a value has the shape of what edge writes, in all that commands read of it. */
const isManifest: Shape = fields(
  {
    apiVersion: (value) => value === 'edge.microshift.dev/v1alpha1',
    kind: (value) => value === 'Bundle',
    // They become a part of paths.
    name: (value) => isText(value) && staysInside(value) && !value.includes('/'),
    namespace: isText,
    tool: fields({ name: isText, version: isText }),
    spec: fields({ sha256: isText }),
    payload: fields({ base: isText, releaseInfo: fields({ sha256: isText }) }, { release: isText }),
    images: listOf(
      fields(
        { reference: isText, why: listOf(isText) },
        {
          digest: isText,
          pull: isText,
          locked: isText,
          size: isSize,
          shared: isSize,
          pullFrom: fields({ transport: isText, archive: isText }, { image: isText }),
        },
      ),
    ),
    models: listOf(
      fields(
        {
          name: isText,
          runtime: isText,
          source: isText,
          port: isSize,
          decisions: listOf(
            fields({ what: isText, value: isText }, { pointer: isText, file: isText, why: isText, line: isSize }),
          ),
        },
        { host: isText },
      ),
    ),
    sites: listOf(isText),
    files: (value) =>
      isMap(value) &&
      Object.entries(value).every(
        ([path, hash]) =>
          staysInside(path) &&
          path !== manifestName &&
          path !== sumsName &&
          isText(hash) &&
          /^[0-9a-f]{64}$/.test(hash),
      ),
  },
  {
    mirrors: listOf(fields({ prefix: isText, location: isText })),
    budget: fields(
      { download: isSize, allArchitectures: isSize, largest: isSize, unknown: listOf(isText) },
      { unpacked: isSize },
    ),
    unfinished: (value) => value === true,
  },
)
