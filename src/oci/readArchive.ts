import { because } from '../findings/because.ts'
import { createHash } from 'node:crypto'
import { parseJson } from '../basics/json.ts'
import { mapOf } from '../basics/maps.ts'
import {
  type ArchivedImage,
  type ArchiveFiles,
  type ArchiveProblem,
  type ArchiveTransport,
  archiveTransports,
} from './archive.ts'

/**
 * Reads what names an image in an archive, and makes sure that the archive is whole. containers-transports(5); image-spec,
 * image-layout.md.
 *
 * @param files - the files in it
 * @param wanted - the image, where there are several
 */
export const readArchive = (
  transport: ArchiveTransport,
  files: ArchiveFiles,
  wanted?: string,
): ArchivedImage | ArchiveProblem => {
  const [own, other] =
    transport === 'oci-archive'
      ? (['index.json', 'manifest.json'] as const)
      : (['manifest.json', 'index.json'] as const)
  const content = parseJson(files.read(own))
  if (content === undefined) {
    if (files.size(own) !== undefined) return { why: because('archive-damaged', { file: own }) }
    const right = archiveTransports.find((one) => one !== transport)
    return {
      why:
        files.size(other) === undefined
          ? because('archive-none', { file: own })
          : because('archive-other-kind', { transport: right ?? '' }),
    }
  }
  return transport === 'oci-archive' ? readOci(content, files, wanted) : readDocker(content, files, wanted)
}

const readOci = (content: unknown, files: ArchiveFiles, wanted: string | undefined): ArchivedImage | ArchiveProblem => {
  const all = listOf(content, 'manifests').map((value) => ({
    digest: digestOf(value),
    name: mapOf(mapOf(value)['annotations'])['org.opencontainers.image.ref.name'],
  }))
  const found = wanted === undefined ? all : all.filter(({ name }) => name === wanted)
  const [one] = found
  const names = all.flatMap(({ name }) => (typeof name === 'string' ? [name] : []))
  if (one === undefined || found.length > 1) return choose(all.length, wanted, names)
  if (one.digest === undefined) return { why: because('archive-damaged', { file: 'index.json' }) }
  const { digest } = one
  const image = all.length > 1 && wanted !== undefined ? { image: wanted } : {}

  const manifest = readBlob(files, digest)
  if ('why' in manifest) return manifest
  const parts = listOf(manifest.content, 'manifests')
  if (parts.length === 0) {
    const read = readManifest(files, manifest.content)
    return 'why' in read ? read : { digest, ...image, ...read }
  }
  const platforms = parts
    .map((part) => ({ digest: digestOf(part), platform: platformOf(mapOf(part)['platform']) }))
    .filter(({ platform }) => platform !== undefined && !platform.includes('unknown'))
  const ours = platforms.find(({ platform }) => platform === 'linux/amd64')?.digest
  const known = { digest, ...image, platforms: platforms.flatMap(({ platform }) => platform ?? []) }
  if (ours === undefined) return { ...known, entrypoint: [] }
  const inner = readBlob(files, ours)
  const read = 'why' in inner ? inner : readManifest(files, inner.content)
  return 'why' in read ? read : { ...known, entrypoint: read.entrypoint }
}

/** The manifest of one image, its configuration read; its layers must be there. */
const readManifest = (files: ArchiveFiles, manifest: unknown): Omit<ArchivedImage, 'digest'> | ArchiveProblem => {
  const { config, layers } = mapOf(manifest)
  const { mediaType } = mapOf(config)
  const digest = digestOf(config)
  if (digest === undefined || !Array.isArray(layers)) return { why: because('archive-no-image') }
  if (
    typeof mediaType === 'string' &&
    !/^application\/vnd\.(?:oci\.image\.config\.v1|docker\.container\.image\.v1)\+json$/.test(mediaType)
  )
    return { why: because('archive-artifact', { mediaType: mediaType.slice(0, 100) }) }
  for (const layer of layers as unknown[]) {
    const name = digestOf(layer)
    if (name === undefined) return { why: because('archive-damaged', { file: 'manifest' }) }
    if (files.size(blobPath(name)) !== mapOf(layer)['size']) return missing(name)
  }
  const read = readBlob(files, digest)
  return 'why' in read ? read : describe(read.content)
}

const readDocker = (
  content: unknown,
  files: ArchiveFiles,
  wanted: string | undefined,
): ArchivedImage | ArchiveProblem => {
  const all = (Array.isArray(content) ? (content as unknown[]) : []).map((value, index) => {
    const { Config: config, RepoTags: tags, Layers: layers } = mapOf(value)
    return {
      config,
      layers: listOf({ layers }, 'layers'),
      names: [`@${index}`, ...(Array.isArray(tags) ? tags.map(String) : [])],
    }
  })
  const found = wanted === undefined ? all : all.filter(({ names }) => names.includes(wanted))
  const [one] = found
  if (one === undefined || found.length > 1)
    return choose(
      all.length,
      wanted,
      all.map(({ names }) => names[1] ?? names[0] ?? ''),
    )
  const bytes = typeof one.config === 'string' ? files.read(one.config) : undefined
  const config = parseJson(bytes)
  if (bytes === undefined || config === undefined) return { why: because('archive-configuration') }
  for (const layer of one.layers) {
    if (typeof layer !== 'string') return { why: because('archive-damaged', { file: 'manifest.json' }) }
    if (files.size(layer) === undefined) return missing(layer)
  }
  return { digest: sha256Of(bytes), ...(all.length > 1 ? { image: one.names[0] ?? '' } : {}), ...describe(config) }
}

const choose = (count: number, wanted: string | undefined, images: readonly string[]): ArchiveProblem =>
  count === 0
    ? { why: because('archive-empty') }
    : {
        why:
          wanted === undefined ? because('archive-several', { count }) : because('archive-no-such', { image: wanted }),
        images,
      }

const missing = (name: string): ArchiveProblem => ({
  why: because('archive-cut-short', { name }),
})

/** What a configuration says that matters before anything runs. */
const describe = (config: unknown): Omit<ArchivedImage, 'digest'> => {
  const platform = platformOf(config)
  const { Entrypoint: entrypoint } = mapOf(mapOf(config)['config'])
  return {
    platforms: platform === undefined ? [] : [platform],
    entrypoint: Array.isArray(entrypoint) ? entrypoint.map(String) : [],
  }
}

const platformOf = (value: unknown): string | undefined => {
  const { os, architecture } = mapOf(value)
  return typeof os === 'string' && typeof architecture === 'string' && architecture !== ''
    ? `${os}/${architecture}`
    : undefined
}

const blobPath = (digest: string): string => `blobs/sha256/${digest.slice('sha256:'.length)}`

/** A blob of JSON, held against its digest. */
const readBlob = (files: ArchiveFiles, digest: string): { content: unknown } | ArchiveProblem => {
  const bytes = files.read(blobPath(digest))
  const content = bytes !== undefined && sha256Of(bytes) === digest ? parseJson(bytes) : undefined
  return content === undefined ? missing(digest) : { content }
}

const sha256Of = (bytes: Uint8Array): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

const digestOf = (descriptor: unknown): string | undefined => {
  const { digest } = mapOf(descriptor)
  return typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) ? digest : undefined
}

const listOf = (value: unknown, field: string): readonly unknown[] => {
  const list = mapOf(value)[field]
  return Array.isArray(list) ? (list as unknown[]) : []
}
