import { type Because, because } from '../findings/because.ts'
import { createHash } from 'node:crypto'
import { parseJson } from '../basics/json.ts'
import { isMap, type JsonMap } from '../basics/maps.ts'
import type { LockedLayer } from './lock.ts'
import { isDigest } from './reference.ts'

/** A manifest as a registry sends it. */
export type Manifest = ImageManifest | IndexManifest

export interface ImageManifest {
  readonly type: 'image'
  /** sha256 of its bytes. */
  readonly digest: string
  /** Its own bytes. */
  readonly size: number
  readonly config: LockedLayer
  readonly layers: readonly Layer[]
}

/** A layer, with what it is unpacked where the manifest tells. */
interface Layer extends LockedLayer {
  readonly unpacked?: number
}

export interface IndexManifest {
  readonly type: 'index'
  readonly digest: string
  readonly size: number
  readonly manifests: readonly { readonly digest: string; readonly os: string; readonly architecture: string }[]
}

/** Why bytes are no image that CRI-O can run. */
export interface Unusable {
  readonly type: 'unusable'
  readonly why: Because
}

/** An index of more is no image of anybody's. */
const mostManifests = 64

/**
 * Reads a manifest: Docker's schema 2 and list, OCI's image and index.
 * Source: opencontainers/image-spec manifest.md and image-index.md; distribution/spec manifest-v2-2.md.
 *
 * @param bytes - as the registry sent them
 */
export const parseManifest = (bytes: Uint8Array): Manifest | Unusable => {
  const unusable = (why: Because): Unusable => ({ type: 'unusable', why })
  const content = asMap(parseJson(bytes))
  if (content === undefined) return unusable(because('manifest-no-json'))
  const base = { digest: sha256Of(bytes), size: bytes.length }
  if (content['schemaVersion'] === 1) return unusable(because('manifest-schema-1'))
  if (Array.isArray(content['manifests'])) {
    const manifests = content['manifests'].map(readPlatform)
    if (manifests.length > mostManifests) return unusable(because('index-too-large', { count: manifests.length }))
    return manifests.every((one) => one !== undefined)
      ? { type: 'index', ...base, manifests }
      : unusable(because('index-damaged'))
  }
  const config = readBlob(content['config'])
  const layers = Array.isArray(content['layers']) ? content['layers'].map(readBlob) : [undefined]
  if (config === undefined || !layers.every((layer) => layer !== undefined))
    return unusable(because('manifest-no-image'))
  if (config.mediaType !== undefined && !imageConfigs.has(config.mediaType))
    return unusable(because('manifest-artifact', { mediaType: config.mediaType.slice(0, 120) }))
  return { type: 'image', ...base, config: { digest: config.digest, size: config.size }, layers: layers.map(asLayer) }
}

const imageConfigs = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

/** What the configuration of an image says: for which machine it is, and what it starts. */
export interface ImageConfig {
  readonly os: string
  readonly architecture: string
  readonly entrypoint: readonly string[]
}

/** Reads the configuration of an image; undefined when it is none. */
export const parseConfig = (bytes: Uint8Array): ImageConfig | undefined => {
  const content = asMap(parseJson(bytes))
  if (typeof content?.['os'] !== 'string' || typeof content['architecture'] !== 'string') return undefined
  const { Entrypoint: entrypoint } = asMap(content['config']) ?? {}
  return {
    os: content['os'],
    architecture: content['architecture'],
    entrypoint: Array.isArray(entrypoint) ? entrypoint.map(String) : [],
  }
}

export const sha256Of = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

interface Blob extends LockedLayer {
  readonly mediaType?: string
  readonly annotations: Readonly<Record<string, unknown>>
}

const readBlob = (value: unknown): Blob | undefined => {
  const { digest, size, mediaType, annotations } = asMap(value) ?? {}
  if (
    typeof digest !== 'string' ||
    !isDigest(digest) ||
    typeof size !== 'number' ||
    !Number.isSafeInteger(size) ||
    size < 0
  )
    return undefined
  return {
    digest,
    size,
    annotations: asMap(annotations) ?? {},
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
  }
}

/** A layer that is not compressed is as large as it is; eStargz says it: containerd/stargz-snapshotter, docs/estargz.md. */
const asLayer = ({ digest, size, mediaType, annotations }: Blob): Layer => {
  const told = Number(annotations['io.containers.estargz.uncompressed-size'])
  const unpacked =
    mediaType?.endsWith('.tar') === true ? size : Number.isSafeInteger(told) && told > 0 ? told : undefined
  return { digest, size, ...(unpacked === undefined ? {} : { unpacked }) }
}

const readPlatform = (value: unknown) => {
  const { digest, platform } = asMap(value) ?? {}
  const { os, architecture } = asMap(platform) ?? {}
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined
  return {
    digest,
    os: typeof os === 'string' ? os : 'unknown',
    architecture: typeof architecture === 'string' ? architecture : 'unknown',
  }
}

const asMap = (value: unknown): JsonMap | undefined => (isMap(value) ? value : undefined)
