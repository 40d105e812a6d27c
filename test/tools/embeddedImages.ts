import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Device } from './device.ts'
import { temporaryDirectory } from './edge.ts'
import { OciLayout } from './ociLayout.ts'

/** A layer that images share. */
export const base = randomBytes(300_000)
/** This machine's, as images name it. */
export const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
/** That of other machines. */
export const other = architecture === 'amd64' ? 'arm64' : 'amd64'

/** A device with three images that share a layer: by tag, by the digest of an index, by tag and digest. */
export const embedded = () => {
  const oci = new OciLayout(join(temporaryDirectory(), 'oci'))
  const device = new Device()
  const source = (name: string) => `oci:${oci.directory}:${name}`
  oci.image('tagged', { architecture, layers: [base, 'tagged'] })
  const index = oci.index('index', [
    { architecture: other, layers: ['not for this machine'] },
    { architecture, layers: [base, 'index'] },
  ])
  const digest = oci.image('both', { architecture, layers: [base, randomBytes(200_000)] })
  const references = [`quay.io/org/tagged:v1`, `quay.io/org/index@${index}`, `quay.io/org/both:v2@${digest}`] as const
  const images = [
    device.embed(references[0], source('tagged')),
    device.embed(references[1], source('index')),
    device.embed(references[2], source('both')),
  ]
  device.describe({ images })
  return { device, oci, source, images, references }
}

/** The digests of an embedded image's layers, in their order. */
export const layersOf = (device: Device, directory: string): string[] => {
  const manifest = JSON.parse(readFileSync(join(device.layout, directory, 'manifest.json'), 'utf8')) as {
    layers: { digest: string }[]
  }
  return manifest.layers.map(({ digest }) => digest)
}

/** Where a blob lies in the pool. */
export const blobPath = (device: Device, digest: string) => join(device.layout, 'blobs', digest.slice('sha256:'.length))
