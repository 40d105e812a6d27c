import { type Finding, finding } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { PlannedVolume } from '../plan.ts'
import { parseQuantity } from '../quantity.ts'
import type { Server } from '../../servers/recognise.ts'

/** KServe's own, which a user's volume would collide with: facts/kserve.md, ModelCar. */
const ownNames = ['kserve-provision-location', 'modelcar']
const ownPaths = ['/mnt/models', '/mnt']

/**
 * Volumes with their mounts: the spec's, and a memory-backed /dev/shm, where the server needs one.
 */
export const planVolumes = (
  model: ModelSpec,
  server: Server | undefined,
  pointer: string,
): { volumes: PlannedVolume[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const volumes = (model.volumes ?? []).map(
    ({ name, mountPath, readOnly, subPath, ...source }, index): PlannedVolume => {
      const at = `${pointer}/volumes/${index}`
      const kinds = Object.keys(source)
      if (kinds.length !== 1) findings.push(finding('volume-source', { name, kinds }, at))
      if (kinds.includes('hostPath')) findings.push(finding('volume-host-path', { name }, `${at}/hostPath`))
      if (ownNames.includes(name) || ownPaths.includes(mountPath))
        findings.push(finding('volume-taken', { name: ownNames.includes(name) ? name : mountPath }, at))
      return {
        name,
        mountPath,
        source,
        ...(readOnly === undefined ? {} : { readOnly }),
        ...(subPath === undefined ? {} : { subPath }),
      }
    },
  )
  const shm = planShm(model, server)
  if (shm !== undefined) {
    if (parseQuantity(shm) === undefined) findings.push(finding('bad-quantity', { value: shm }, `${pointer}/shm`))
    volumes.push({ name: 'shm', mountPath: '/dev/shm', source: { emptyDir: { medium: 'Memory', sizeLimit: shm } } })
  }
  for (const key of ['name', 'mountPath'] as const) {
    const seen = new Set<string>()
    volumes.forEach((volume, index) => {
      if (seen.has(volume[key]))
        findings.push(
          finding(
            'volume-taken',
            { name: volume[key] },
            `${pointer}/volumes/${Math.min(index, (model.volumes ?? []).length - 1)}/${key}`,
          ),
        )
      seen.add(volume[key])
    })
  }
  return { volumes, findings }
}

const planShm = ({ shm }: ModelSpec, server: Server | undefined): string | undefined =>
  typeof shm === 'string' ? shm : server?.kind.sharedMemory?.(server.subject.words)
