import type { AcceleratorName, ModelSpec } from '../../spec/schema.ts'
import type { PlannedAccelerator } from '../../workloads/workload.ts'

/** Resource names of the accelerators that have a name: facts/modelcars.md, accelerators. */
const identifiers: Readonly<Record<Exclude<AcceleratorName, 'none'>, string>> = {
  nvidia: 'nvidia.com/gpu',
  amd: 'amd.com/gpu',
  gaudi: 'habana.ai/gaudi',
}

/**
 * What a model's pod runs on; undefined for `none`. One device of it, unless a number is given, and the toleration that
 * nodes with such devices are usually tainted for.
 */
export const planAccelerator = (accelerator: ModelSpec['accelerator']): PlannedAccelerator | undefined => {
  if (accelerator === undefined || accelerator === 'none') return undefined
  const given = typeof accelerator === 'string' ? { identifier: identifiers[accelerator] } : accelerator
  const { identifier, count = 1, tolerations, nodeSelector } = given
  return {
    identifier,
    count,
    tolerations: tolerations ?? [{ key: identifier, operator: 'Exists', effect: 'NoSchedule' }],
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
  }
}
