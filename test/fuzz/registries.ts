import { createHash } from 'node:crypto'
import { parseLock } from '../../src/oci/parseLock.ts'
import { parseReference } from '../../src/oci/reference.ts'
import { renderLock } from '../../src/render/lock.ts'
import { printableLine } from '../../src/report/printable.ts'
import type { Ask } from '../../src/tools/askRegistries.ts'
import { lockImage, RefusedImage } from '../../src/tools/lockImage.ts'
import { failureOf } from '../../src/tools/registryFailure.ts'
import type { Target } from './hold.ts'

const digestOf = (bytes: Uint8Array | string): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const config = JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/bin/sh'] } })
const manifestFor = (bytes: Uint8Array | string): string =>
  JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(bytes), size: bytes.length },
    layers: [
      {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest: digestOf('layer'),
        size: 5,
        annotations: { 'io.containers.estargz.uncompressed-size': '10' },
      },
    ],
  })
const index = JSON.stringify({
  schemaVersion: 2,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  manifests: [
    {
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      digest: digestOf(manifestFor(config)),
      size: 400,
      platform: { os: 'linux', architecture: 'amd64' },
    },
    { digest: digestOf('other'), size: 4, platform: { os: 'linux', architecture: 'arm64' } },
  ],
})

/** Locks an image that a registry answers with these bytes; the lock must be one that edge reads again. */
const locked = async (ask: Ask): Promise<string[]> => {
  const text = 'registry.example.com/m/a:1'
  const reference = parseReference(text)
  if (!reference.ok) throw new Error('no reference')
  try {
    const lock = renderLock({ images: [await lockImage(text, reference.reference, true, ask)] })
    const { findings } = parseLock(lock)
    if (findings.length > 0) throw new Error(`the lock is not read again: ${JSON.stringify(findings)}\n${lock}`)
    return []
  } catch (error) {
    if (error instanceof RefusedImage) return []
    throw error
  }
}

/** What registries answer, and what skopeo says when they do not. */
export const registryTargets: readonly Target[] = [
  {
    name: 'registry-manifest',
    seeds: () => [manifestFor(config), index],
    run: async (input) =>
      locked(async (source, what) =>
        Promise.resolve(
          what === 'config' ? Buffer.from(config) : source.includes('@') ? Buffer.from(manifestFor(config)) : input,
        ),
      ),
  },
  {
    name: 'registry-config',
    seeds: () => [config],
    run: async (input) =>
      locked(async (_, what) => Promise.resolve(what === 'config' ? input : Buffer.from(manifestFor(input)))),
  },
  {
    name: 'skopeo-says',
    seeds: () => [
      'time="2026-01-01T00:00:00Z" level=fatal msg="Error parsing image name \\"docker://r.example.com/a:1\\": reading manifest 1 in r.example.com/a: manifest unknown"\n',
      'level=fatal msg="pinging container registry r.example.com: Get \\"https://r.example.com/v2/\\": dial tcp: lookup: no such host"',
      'toomanyrequests: rate limit\n',
    ],
    run: (input) => [printableLine(failureOf(input.toString('utf8'), false, 60).reason)],
  },
]
