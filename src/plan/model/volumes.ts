import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { ModelFacts, PlannedVolume } from '../../workloads/workload.ts'
import { parseQuantity } from '../quantity.ts'
import type { Server } from '../../servers/recognise.ts'

/** KServe's own, which a user's volume would collide with: facts/kserve.md, ModelCar. */
const ownNames = ['kserve-provision-location', 'modelcar']
const ownPaths = ['/mnt/models', '/mnt']

/** The spec's volumes with their mounts, and what is wrong with them as they are written. */
export const specVolumes = (model: ModelSpec, pointer: string): { volumes: PlannedVolume[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const volumes = (model.volumes ?? []).map(
    ({ name, mountPath, readOnly, subPath, ...source }, index): PlannedVolume => {
      const kinds = Object.keys(source)
      if (kinds.length !== 1) findings.push(finding('volume-source', { name, kinds }, `${pointer}/volumes/${index}`))
      return {
        name,
        mountPath,
        source,
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(subPath === undefined ? {} : { subPath }),
      }
    },
  )
  if (typeof model.shm === 'string' && parseQuantity(model.shm) === undefined)
    findings.push(finding('bad-quantity', { value: model.shm }, `${pointer}/shm`))
  return { volumes, findings }
}

/** The size of a memory-backed /dev/shm: the spec's, or what the server needs. */
export const sharedMemory = ({ shm }: ModelSpec, server: Server | undefined): string | undefined =>
  typeof shm === 'string' ? shm : server?.kind.sharedMemory?.(server.subject.words)

/**
 * Looks at the volumes of the final object: what SCCs refuse, and names and paths that are taken.
 *
 * @param placeOf - where a volume, or a field of it, comes from
 */
export const checkVolumes = (
  { volumes, own: { mounts } }: ModelFacts,
  placeOf: (name: string, field?: 'mountPath' | 'hostPath' | 'name') => Location | string,
): Finding[] => [
  ...volumes
    .filter((volume) => 'hostPath' in volume)
    .map(({ name }) => finding('volume-host-path', { name }, placeOf(name, 'hostPath'))),
  ...volumes
    .filter(({ name }) => ownNames.includes(name))
    .map(({ name }) => finding('volume-taken', { name }, placeOf(name))),
  ...mounts
    .filter(({ name, mountPath }) => !ownNames.includes(name) && ownPaths.includes(mountPath))
    .map(({ name, mountPath }) => finding('volume-taken', { name: mountPath }, placeOf(name))),
  ...twice(volumes.map(({ name }) => name)).map((name) => finding('volume-taken', { name }, placeOf(name, 'name'))),
  ...twice(mounts.map(({ mountPath }) => mountPath)).map((path) =>
    finding(
      'volume-taken',
      { name: path },
      placeOf(mounts.findLast(({ mountPath }) => mountPath === path)?.name ?? '', 'mountPath'),
    ),
  ),
]

/** What stands in a list a second time, as often as it does. */
const twice = (texts: readonly string[]): string[] => texts.filter((text, index) => texts.indexOf(text) < index)
