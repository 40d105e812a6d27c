import { lockPlatform } from '../../oci/lock.ts'
import { dumpYaml } from '../kubernetes/dump.ts'
import { type ImageList, once, type Place, pullAt } from './list.ts'

/** A manifest for `hauler store sync`: docs.hauler.dev, Images. */
export const hauler = ({ images, mirrors }: ImageList, place: Place): string =>
  dumpYaml({
    apiVersion: 'content.hauler.cattle.io/v1',
    kind: 'Images',
    metadata: { name: 'edge' },
    spec: {
      images: once(images.map((image) => pullAt(image, mirrors, place))).map((name) => ({
        name,
        platform: `${lockPlatform.os}/${lockPlatform.architecture}`,
      })),
    },
  })
