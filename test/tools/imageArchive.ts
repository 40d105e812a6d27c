import { createHash } from 'node:crypto'

/** A file of a tar archive; without content a symbolic link. */
export type TarContent = Uint8Array | string | { readonly link: string }

export interface TarOptions {
  /** How names and sizes are written: in the header, or in one before it, as pax and GNU do. */
  readonly style?: 'ustar' | 'pax' | 'gnu'
  /** Without the zeros at the end. */
  readonly unended?: boolean
}

const block = 512

/** The header of a file in a tar archive. */
export const tarHeader = (name: string, size: number, type = '0', link = ''): Buffer => {
  const header = Buffer.alloc(block)
  header.write(name.slice(0, 100), 0)
  for (const [value, at] of [
    ['0000644', 100],
    ['0000000', 108],
    ['0000000', 116],
    ['00000000000', 136],
  ] as const)
    header.write(value, at)
  if (size < 8 ** 11) header.write(size.toString(8).padStart(11, '0'), 124)
  else {
    header[124] = 0x80
    header.writeBigUInt64BE(BigInt(size), 128)
  }
  header.write(type, 156)
  header.write(link, 157)
  header.write('ustar\x0000', 257)
  return withChecksum(header)
}

/** Writes a header's checksum anew. */
export const withChecksum = (header: Buffer): Buffer => {
  header.write('        ', 148)
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return header
}

const padded = (bytes: Uint8Array): Buffer =>
  Buffer.concat([bytes, Buffer.alloc((block - (bytes.length % block)) % block)])

/** Makes a tar archive. */
export const makeTar = (
  files: Readonly<Record<string, TarContent>>,
  { style = 'ustar', unended = false }: TarOptions = {},
): Buffer => {
  const parts = Object.entries(files).flatMap(([name, content]): Buffer[] => {
    if (typeof content === 'object' && 'link' in content) return [tarHeader(name, 0, '2', content.link)]
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    if (style === 'pax') {
      const records = Buffer.from(paxRecord('path', name) + paxRecord('size', String(bytes.length)))
      return [tarHeader('PaxHeaders/x', records.length, 'x'), padded(records), tarHeader('shortened', 0), padded(bytes)]
    }
    const long = Buffer.from(`${name}\0`)
    return [
      ...(style === 'gnu' ? [tarHeader('././@LongLink', long.length, 'L'), padded(long)] : []),
      tarHeader(style === 'gnu' ? 'shortened' : name, bytes.length),
      padded(bytes),
    ]
  })
  return Buffer.concat([...parts, Buffer.alloc(unended ? 0 : 2 * block)])
}

/** `LENGTH KEY=VALUE`, where the length counts itself. */
const paxRecord = (key: string, value: string): string => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`)
  const length =
    [1, 2, 3, 4].map((digits) => rest + digits).find((sum, index) => String(sum).length === index + 1) ?? rest
  return `${length} ${key}=${value}\n`
}

interface Described {
  readonly digest: string
  readonly size: number
}

export interface ArchiveRecipe {
  /** Of an oci-archive also what a manifest says of a layer that is added elsewhere. */
  readonly layers?: readonly (string | Described)[]
  readonly config?: object
  /** org.opencontainers.image.ref.name, or the one of RepoTags. */
  readonly name?: string
}

const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`

/** The files of an oci-archive, as `skopeo copy` writes it, and the digests of its images. */
export const ociFiles = (...images: readonly ArchiveRecipe[]): { files: Record<string, string>; digests: string[] } => {
  const files: Record<string, string> = {}
  const add = (bytes: string) => {
    const digest = digestOf(bytes)
    files[`blobs/sha256/${digest.slice(7)}`] = bytes
    return { digest, size: Buffer.byteLength(bytes) }
  }
  const manifests = images.map(({ layers = ['a layer'], config = { os: 'linux', architecture: 'amd64' }, name }) => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    ...add(
      JSON.stringify({
        schemaVersion: 2,
        config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...add(JSON.stringify(config)) },
        layers: layers.map((layer) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          ...(typeof layer === 'string' ? add(layer) : layer),
        })),
      }),
    ),
    ...(name === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': name } }),
  }))
  return {
    files: {
      ...files,
      'index.json': JSON.stringify({ schemaVersion: 2, manifests }),
      'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    },
    digests: manifests.map(({ digest }) => digest),
  }
}

/** The files of a docker-archive, and the digests of its images' configurations. */
export const dockerFiles = (
  ...images: readonly ArchiveRecipe[]
): { files: Record<string, string>; digests: string[] } => {
  const files: Record<string, string> = {}
  const digests: string[] = []
  const manifest = images.map(({ layers = ['a layer'], config = { os: 'linux', architecture: 'amd64' }, name }) => {
    const text = JSON.stringify(config)
    digests.push(digestOf(text))
    const file = `${digestOf(text).slice(7)}.json`
    files[file] = text
    const texts = layers.map(String)
    const names = texts.map((layer) => `${digestOf(layer).slice(7)}.tar`)
    texts.forEach((layer, index) => (files[names[index] ?? ''] = layer))
    return { Config: file, RepoTags: name === undefined ? null : [name], Layers: names }
  })
  return { files: { ...files, 'manifest.json': JSON.stringify(manifest) }, digests }
}
