import { type Lock, type LockedImage, lockPlatform } from '../oci/lock.ts'
import { dumpYaml } from './kubernetes/dump.ts'

/** A lock as text: the same entries give the same bytes. */
export const renderLock = ({ images }: Lock): string => {
  const head = {
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'EdgeLock',
    platform: `${lockPlatform.os}/${lockPlatform.architecture}`,
  }
  return `# Made by \`edge lock\`: which bytes each image is. Keep it beside the spec, under version control. Sizes are bytes.\n${dumpYaml({ ...head, images: images.toSorted((a, b) => (a.reference < b.reference ? -1 : 1)).map(inOrder) })}`
}

/** Fields in one order, wherever an entry comes from. */
const inOrder = ({
  reference,
  digest,
  type,
  image,
  architectures,
  size,
  allSize,
  unpacked,
  entrypoint,
  layers,
}: LockedImage): object => ({
  reference,
  digest,
  type,
  image,
  architectures,
  size,
  allSize,
  unpacked,
  entrypoint,
  layers: layers.map(({ digest: name, size: bytes }) => ({ digest: name, size: bytes })),
})
