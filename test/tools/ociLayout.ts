import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** An image to make: the text or bytes of one file a layer. */
export interface ImageRecipe {
  readonly layers: readonly (string | Uint8Array)[]
  /** `amd64` by default. */
  readonly architecture?: string
}

interface Descriptor {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

const types = {
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
} as const

export const sha256 = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Writes OCI layouts (image-spec 1.0): what a registry would hold, without a registry. */
export class OciLayout {
  constructor(readonly directory: string) {
    mkdirSync(join(directory, 'blobs/sha256'), { recursive: true })
    writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
  }

  /**
   * @param name - what skopeo finds it by: `oci:DIRECTORY:NAME`
   * @returns its digest
   */
  image(name: string, recipe: ImageRecipe): string {
    return this.#publish(name, this.#manifest(recipe))
  }

  /** An index of one image an architecture. */
  index(name: string, recipes: readonly ImageRecipe[]): string {
    const manifests = recipes.map((recipe) => ({
      ...this.#manifest(recipe),
      platform: { os: 'linux', architecture: recipe.architecture ?? 'amd64' },
    }))
    return this.#publish(
      name,
      this.#blob(types.index, JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests })),
    )
  }

  readonly #names: unknown[] = []

  #publish(name: string, descriptor: Descriptor): string {
    this.#names.push({ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': name } })
    writeFileSync(join(this.directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: this.#names }))
    return descriptor.digest
  }

  #manifest({ layers, architecture = 'amd64' }: ImageRecipe): Descriptor {
    const tars = layers.map((content) => this.#tar(content))
    const config = {
      architecture,
      os: 'linux',
      config: {},
      rootfs: { type: 'layers', diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
    }
    return this.#blob(
      types.manifest,
      JSON.stringify({
        schemaVersion: 2,
        mediaType: types.manifest,
        config: this.#blob(types.config, JSON.stringify(config)),
        layers: tars.map((tar) => this.#blob(types.layer, gzipSync(tar, { level: 1 }))),
      }),
    )
  }

  #tar(content: string | Uint8Array): Uint8Array {
    const directory = mkdtempSync(join(this.directory, 'layer-'))
    writeFileSync(join(directory, 'content'), content)
    return execFileSync(
      'tar',
      ['--create', '--owner=0', '--group=0', '--mtime=@0', '--directory', directory, 'content'],
      { maxBuffer: 2 ** 28 },
    )
  }

  #blob(mediaType: string, bytes: string | Uint8Array): Descriptor {
    const digest = sha256(bytes)
    writeFileSync(join(this.directory, 'blobs/sha256', digest), bytes)
    return { mediaType, digest: `sha256:${digest}`, size: Buffer.from(bytes).length }
  }
}
