import { type Because, because } from '../findings/because.ts'
import { type LockedImage, lockPlatform } from '../oci/lock.ts'
import {
  type ImageManifest,
  type IndexManifest,
  type Manifest,
  parseConfig,
  parseManifest,
  sha256Of,
} from '../oci/manifest.ts'
import { type ImageReference, pullReference } from '../oci/reference.ts'
import type { Ask } from './askRegistries.ts'

/** An image that a registry has, and no device can run, or not the one that was asked for. */
export type Refusal =
  | { readonly kind: 'architecture'; readonly found: readonly string[] }
  | { readonly kind: 'unusable'; readonly why: Because }
  | { readonly kind: 'digest'; readonly digest: string }

/** Thrown for it. */
export class RefusedImage extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.kind)
    this.refusal = refusal
  }
}

/**
 * Finds out what stands behind a reference: one question for its manifest, one for each manifest of an index, and one for the
 * configuration where that alone tells the architecture or the ENTRYPOINT. All but the first go by digest: a tag that moves
 * meanwhile mixes nothing.
 *
 * @param text - the reference, as it is asked for
 * @param reference - the same in parts
 * @param isModel - whether its ENTRYPOINT matters
 * @throws RefusedImage, AskError, EnvironmentError
 */
export const lockImage = async (
  text: string,
  reference: ImageReference,
  isModel: boolean,
  ask: Ask,
): Promise<LockedImage> => {
  const get = async (digest: string | undefined): Promise<Manifest> => {
    const manifest = parseManifest(await ask(`docker://${pullReference(reference, digest)}`, 'manifest'))
    if (manifest.type === 'unusable') throw new RefusedImage({ kind: 'unusable', why: manifest.why })
    if (digest?.startsWith('sha256:') === true && manifest.digest !== digest)
      throw new RefusedImage({ kind: 'digest', digest: manifest.digest })
    return manifest
  }
  const top = await get(reference.digest)
  const { image, index } = top.type === 'image' ? { image: top } : await imageOf(top, get)
  const config = index === undefined || isModel ? await configOf(image, reference, ask) : undefined
  if (config !== undefined && (config.os !== lockPlatform.os || config.architecture !== lockPlatform.architecture))
    throw new RefusedImage({ kind: 'architecture', found: [`${config.os}/${config.architecture}`] })

  const layers = [...new Map(image.layers.map((layer) => [layer.digest, layer])).values()]
  const ownSize = index?.top.size ?? 0
  const size = ownSize + sizeOf([image])
  const unpacked = layers.reduce<number | undefined>(
    (sum, layer) => (sum === undefined || layer.unpacked === undefined ? undefined : sum + layer.unpacked),
    0,
  )
  const entrypoint = isModel ? (config?.entrypoint ?? []) : []
  return {
    reference: text,
    // A digest of another algorithm stays: what was asked for is what is pulled.
    digest: reference.digest ?? top.digest,
    type: top.type,
    ...(index === undefined ? {} : { image: image.digest, architectures: index.architectures }),
    size,
    ...(index === undefined ? {} : { allSize: ownSize + sizeOf(index.images) }),
    ...(unpacked === undefined ? {} : { unpacked }),
    ...(entrypoint.length === 0 ? {} : { entrypoint }),
    layers: layers.map(({ digest, size: bytes }) => ({ digest, size: bytes })),
  }
}

/** The image for the platform, and the others, which `skopeo copy --all` takes as well. */
const imageOf = async (top: IndexManifest, get: (digest: string) => Promise<Manifest>) => {
  const chosen = top.manifests.find(
    ({ os, architecture }) => os === lockPlatform.os && architecture === lockPlatform.architecture,
  )
  const architectures = [
    ...new Set(top.manifests.filter(({ os }) => os === lockPlatform.os).map(({ architecture }) => architecture)),
  ].sort()
  if (chosen === undefined)
    throw new RefusedImage({
      kind: 'architecture',
      found: top.manifests
        .map(({ os, architecture }) => `${os}/${architecture}`)
        .filter((one) => !one.startsWith('unknown')),
    })
  const digests = [...new Set(top.manifests.map(({ digest }) => digest))]
  const manifests = await Promise.all(digests.map(async (digest) => ({ digest, manifest: await get(digest) })))
  const images = manifests.flatMap(({ digest, manifest }) =>
    manifest.type === 'image' ? [{ name: digest, manifest }] : [],
  )
  const image = images.find(({ name }) => name === chosen.digest)?.manifest
  if (image === undefined) throw new RefusedImage({ kind: 'unusable', why: because('index-of-index') })
  return { image, index: { top, architectures, images: images.map(({ manifest }) => manifest) } }
}

const configOf = async (image: ImageManifest, reference: ImageReference, ask: Ask) => {
  const bytes = await ask(`docker://${pullReference(reference, image.digest)}`, 'config')
  const config = parseConfig(bytes)
  if (config === undefined || sha256Of(bytes) !== image.config.digest)
    throw new RefusedImage({ kind: 'unusable', why: because('configuration-damaged') })
  return config
}

/** Manifests and configurations, and each layer once. */
const sizeOf = (images: readonly ImageManifest[]): number => {
  const blobs = new Map(
    images.flatMap(({ config, layers }) => [config, ...layers].map(({ digest, size }) => [digest, size] as const)),
  )
  return [...blobs.values()].reduce(
    (sum, bytes) => sum + bytes,
    images.reduce((sum, { size }) => sum + size, 0),
  )
}
