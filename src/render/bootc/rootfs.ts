import files from 'virtual:bootc-files'
import { embeddedImages } from '../../views/embed.ts'
import type { Plan } from '../../plan/plan.ts'
import type { File } from '../file.ts'
import { deviceData } from './deviceData.ts'
import { pinnedImages, registries } from './toml.ts'
import { deviceLayout, fromRoot } from '../../layout.ts'

/**
 * What the image build copies onto the device, with paths from its root: the scripts and units that this bundle needs, and the
 * data that they read.
 */
export function* rootfs(plan: Plan): Iterable<File> {
  const images = embeddedImages(plan)
  yield { path: fromRoot(deviceLayout.data), content: `${JSON.stringify(deviceData(plan, images), undefined, 2)}\n` }
  if (images.length > 0) yield { path: fromRoot(deviceLayout.pinnedImages), content: pinnedImages(images) }
  if (plan.mirrors.length > 0) yield { path: fromRoot(deviceLayout.mirrors), content: registries(plan.mirrors) }
  for (const [name, content] of Object.entries(files)) {
    const path = name.startsWith('rootfs/') ? name.slice('rootfs/'.length) : undefined
    if (path !== undefined && isNeeded(path, plan))
      yield { path, content, ...(content.startsWith('#!') ? { executable: true } : {}) }
  }
}

/** Whether the device has a use for a file: what it is for stands in its name. The rest is for every device. */
const isNeeded = (path: string, { bootc, secrets, kserveConfig }: Plan): boolean => {
  if (/^etc\/greenboot\/|\/health-check$|\/edge-health\.service$/.test(path)) return bootc.greenboot
  if (/make-secrets/.test(path)) return secrets.length > 0
  return !/restart-kserve/.test(path) || kserveConfig !== undefined
}
