import { dumpYaml } from '../kubernetes/dump.ts'
import { type ImageList, once, type Place, pullAt } from './list.ts'

/** The configuration of `oc mirror --v2`: openshift/oc-mirror, v2/internal/pkg/api/v2alpha1. */
export const imageset = ({ images, mirrors }: ImageList, place: Place): string =>
  dumpYaml({
    apiVersion: 'mirror.openshift.io/v2alpha1',
    kind: 'ImageSetConfiguration',
    mirror: { additionalImages: once(images.map((image) => pullAt(image, mirrors, place))).map((name) => ({ name })) },
  })
