import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
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

/** Three images that share a layer, as they lie on a device: by tag, by the digest of an index, by tag and digest. */
const makeImages = () => {
  const device = new Device()
  const oci = new OciLayout(join(device.root, 'oci'))
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
  const layout = mkdtempSync(join(tmpdir(), 'edge-layout-'))
  process.once('exit', () => rmSync(layout, { recursive: true, force: true }))
  cpSync(device.layout, layout, { recursive: true, verbatimSymlinks: true })
  return { layout, images, references }
}
let made: ReturnType<typeof makeImages> | undefined

/** A device with three images that share a layer, and a place to make more of them. They are made once a worker. */
export const embedded = () => {
  made ??= makeImages()
  const { layout, references } = made
  const images = structuredClone(made.images)
  const oci = new OciLayout(join(temporaryDirectory(), 'oci'))
  const device = new Device({ images })
  cpSync(layout, device.layout, { recursive: true, verbatimSymlinks: true })
  return { device, oci, source: (name: string) => `oci:${oci.directory}:${name}`, images, references }
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
