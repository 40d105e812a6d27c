import { execFileSync, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { freePort } from './freePort.ts'

/** A registry on loopback, behind a door that can fail. */
export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string
  /** The same with TLS. */
  readonly secureHost: string
  /** Certificate of that, which signs itself. */
  readonly certificate: string
  /** Requests whose path matches answer 503 or another status, or only after a while, as often as said. */
  readonly failNext: (path: RegExp, times: number, how?: Failure) => void
  /** What the registry asks for; an empty name asks for nothing. */
  readonly login: { username: string; password: string }
  /** Path of each request that was answered so far. */
  readonly requests: string[]
  /** Bytes of the bodies that it has sent so far. */
  readonly sent: () => number
  /** Digest → size of every blob that it holds. */
  readonly blobs: () => Map<string, number>
  readonly close: () => void
}

/** What a door that fails does. */
export interface Failure {
  /** Answers this in the registry's place. */
  readonly status?: number
  /** Waits so many milliseconds before each answer. */
  readonly delay?: number
}

/**
 * Starts Debian's docker-registry.
 *
 * @param directory - an empty one, for what it holds; or that of another registry, to be one more door to the same
 * @param htpasswd - a file of logins, which the registry then asks for itself
 */
export const startRegistry = async (directory: string, htpasswd?: string): Promise<Registry> => {
  mkdirSync(directory, { recursive: true })
  const port = await freePort()
  const config = join(directory, `config-${port}.yml`)
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'error' },
      storage: { filesystem: { rootdirectory: join(directory, 'data') }, delete: { enabled: true } },
      http: { addr: `127.0.0.1:${port}` },
      ...(htpasswd === undefined ? {} : { auth: { htpasswd: { realm: 'tests', path: htpasswd } } }),
    }),
  )
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' })
  for (let attempt = 0; ; attempt++) {
    if (attempt > 300) throw new Error('docker-registry does not answer')
    if (
      await fetch(`http://127.0.0.1:${port}/v2/`).then(
        ({ ok, status }) => ok || status === 401,
        () => false,
      )
    )
      break
    await sleep(20)
  }
  const failures: { path: RegExp; times: number; how: Failure }[] = []
  const requests: string[] = []
  let sent = 0
  const login = { username: '', password: '' }
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? ''
    requests.push(path)
    const failure = failures.find((one) => one.times > 0 && one.path.test(path))
    if (failure !== undefined) {
      failure.times--
      const { status = failure.how.delay === undefined ? 503 : undefined, delay = 0 } = failure.how
      if (status !== undefined) {
        incoming.resume()
        setTimeout(() => outgoing.writeHead(status).end(), delay)
        return
      }
      setTimeout(() => pass(incoming, outgoing, path), delay)
      return
    }
    const { username, password } = login
    if (
      username !== '' &&
      incoming.headers.authorization !== `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
    ) {
      incoming.resume()
      outgoing.writeHead(401, { 'WWW-Authenticate': 'Basic realm="tests"' }).end()
      return
    }
    pass(incoming, outgoing, path)
  }
  const pass = (incoming: IncomingMessage, outgoing: ServerResponse, path: string) => {
    const onward = request(
      { host: '127.0.0.1', port, path, method: incoming.method, headers: incoming.headers },
      (answered) => {
        outgoing.writeHead(answered.statusCode ?? 502, answered.headers)
        answered.on('data', (chunk: Buffer) => (sent += chunk.length)).pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }
  const door = createServer(answer)
  const certificate = makeCertificate(directory)
  const secureDoor = createSecureServer(certificate, answer)
  for (const one of [door, secureDoor]) await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${portOf(door)}`,
    secureHost: `127.0.0.1:${portOf(secureDoor)}`,
    certificate: certificate.cert,
    login,
    failNext: (path, times, how = {}) => failures.push({ path, times, how }),
    requests,
    sent: () => sent,
    blobs: () => blobsIn(join(directory, 'data/docker/registry/v2/blobs/sha256')),
    close: () => {
      for (const one of [door, secureDoor]) {
        one.close()
        one.closeAllConnections()
      }
      child.kill()
    },
  }
}

const makeCertificate = (directory: string): { key: string; cert: string } => {
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'cert.pem')]
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=127.0.0.1',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
      ...files,
    ],
    { stdio: 'pipe' },
  )
  return {
    key: readFileSync(join(directory, 'key.pem'), 'utf8'),
    cert: readFileSync(join(directory, 'cert.pem'), 'utf8'),
  }
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const blobsIn = (directory: string): Map<string, number> => {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('/data'))
  return new Map(paths.map((path) => [`sha256:${path.split('/').at(-2) ?? ''}`, statSync(join(directory, path)).size]))
}

/** A blob or manifest with its digest. */
export interface Content {
  readonly digest: string
  readonly bytes: Uint8Array
}

export const content = (bytes: Uint8Array | string): Content => {
  const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes
  return { digest: `sha256:${createHash('sha256').update(data).digest('hex')}`, bytes: data }
}

/** A gzipped tar. */
export interface Layer extends Content {
  /** Digest of the tar. */
  readonly diffId: string
}

/**
 * Makes a layer.
 *
 * @param files - path → bytes
 */
export const makeLayer = (files: Readonly<Record<string, Uint8Array | string>>): Layer => {
  const tar = Buffer.concat([
    ...Object.entries(files).flatMap(([path, bytes]) =>
      tarEntry(path, typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
    ),
    Buffer.alloc(1024),
  ])
  return { ...content(gzipSync(tar, { level: 1 })), diffId: content(tar).digest }
}

/** A regular file of a ustar archive. */
const tarEntry = (path: string, bytes: Uint8Array): Uint8Array[] => {
  const header = Buffer.alloc(512)
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`
  header.write(path, 0)
  header.write(octal(0o755, 7), 100)
  header.write(octal(0, 7), 108)
  header.write(octal(0, 7), 116)
  header.write(octal(bytes.length, 11), 124)
  header.write(octal(0, 11), 136)
  header.write('        0', 148)
  header.write('ustar\x0000', 257)
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  )
  return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]
}

/** An image that is made up. */
export interface MadeImage {
  readonly layers: readonly Layer[]
  /** `oci`, the default, or Docker's schema 2. */
  readonly type?: 'oci' | 'docker'
  readonly architecture?: string
  /** `config` of its configuration: `{Entrypoint: […]}`. */
  readonly config?: object
  /** More of each layer's descriptor. */
  readonly layerFields?: object
}

const mediaTypes = {
  oci: {
    manifest: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
    layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
    index: 'application/vnd.oci.image.index.v1+json',
  },
  docker: {
    manifest: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
    layer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  },
} as const

/**
 * Puts an image into a registry.
 *
 * @param repository - `HOST/REPOSITORY`
 * @param tag - name it by a tag; without one by its digest
 * @returns the manifest's digest
 */
export const pushImage = async (repository: string, image: MadeImage, tag?: string): Promise<string> => {
  const types = mediaTypes[image.type ?? 'oci']
  const config = content(
    JSON.stringify({
      architecture: image.architecture ?? 'amd64',
      os: 'linux',
      config: image.config ?? {},
      rootfs: { type: 'layers', diff_ids: image.layers.map(({ diffId }) => diffId) },
    }),
  )
  for (const blob of [config, ...image.layers]) await pushBlob(repository, blob)
  const describe = (mediaType: string, { digest, bytes }: Content) => ({ mediaType, digest, size: bytes.length })
  const manifest = content(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: types.manifest,
      config: describe(types.config, config),
      layers: image.layers.map((layer) => ({ ...describe(types.layer, layer), ...image.layerFields })),
    }),
  )
  await pushManifest(repository, manifest, types.manifest, tag)
  return manifest.digest
}

/**
 * Puts an index of images into a registry, one for each architecture.
 *
 * @returns the index's digest
 */
export const pushIndex = async (repository: string, images: readonly MadeImage[], tag?: string): Promise<string> => {
  const manifests = []
  for (const image of images) {
    const digest = await pushImage(repository, image)
    const size = Number(
      (
        await fetch(url(repository, `manifests/${digest}`), {
          method: 'HEAD',
          headers: { Accept: mediaTypes.oci.manifest },
        })
      ).headers.get('content-length'),
    )
    manifests.push({
      mediaType: mediaTypes.oci.manifest,
      digest,
      size,
      platform: { architecture: image.architecture ?? 'amd64', os: 'linux' },
    })
  }
  const index = content(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests }))
  await pushManifest(repository, index, mediaTypes.oci.index, tag)
  return index.digest
}

const url = (repository: string, rest: string): string => `http://${repository.replace('/', '/v2/')}/${rest}`

/** A connection that the registry closed while it was idle may be taken for the next request: a blob is then pushed again. */
export const pushBlob = async (repository: string, blob: Content, tries = 3): Promise<void> => {
  try {
    await pushBlobOnce(repository, blob)
  } catch (error) {
    if (tries <= 1 || !(error instanceof TypeError)) throw error
    await pushBlob(repository, blob, tries - 1)
  }
}

const pushBlobOnce = async (repository: string, { digest, bytes }: Content): Promise<void> => {
  const started = await fetch(url(repository, 'blobs/uploads/'), { method: 'POST' })
  const location = new URL(started.headers.get('location') ?? '', url(repository, ''))
  location.searchParams.set('digest', digest)
  // The registry names itself, behind the door.
  location.host = repository.split('/')[0] ?? ''
  const { ok, status } = await fetch(location, {
    method: 'PUT',
    body: Buffer.from(bytes),
    headers: { 'Content-Type': 'application/octet-stream' },
  })
  if (!ok) throw new Error(`the registry refuses a blob: ${status}`)
}

export const pushManifest = async (
  repository: string,
  { digest, bytes }: Content,
  mediaType: string,
  tag = digest,
): Promise<void> => {
  const { ok, status } = await fetch(url(repository, `manifests/${tag}`), {
    method: 'PUT',
    body: Buffer.from(bytes),
    headers: { 'Content-Type': mediaType },
  })
  if (!ok) throw new Error(`the registry refuses a manifest: ${status}`)
}
