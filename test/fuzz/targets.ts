import { bundleTargets } from './bundles.ts'
import { clusterTargets } from './clusters.ts'
import { deviceTargets } from './devices.ts'
import type { Target } from './hold.ts'
import { planningTargets } from './planning.ts'
import { registryTargets } from './registries.ts'

export { problemOf } from './hold.ts'
export { mutate } from './mutate.ts'
export { makeRandom } from './random.ts'

/** All that reads text from elsewhere. */
export const targets: readonly Target[] = [
  ...planningTargets,
  ...bundleTargets,
  ...deviceTargets,
  ...registryTargets,
  ...clusterTargets,
]
