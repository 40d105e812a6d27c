import type { Plan } from '../plan/plan.ts'
import { bootc } from './bootc/bootc.ts'
import type { File } from './file.ts'
import { kserveConfig } from './kserveConfig.ts'
import { manifests } from './manifests.ts'
import { overlays } from './overlays.ts'
import { probes } from './probes.ts'
import { readme } from './readme.ts'

/**
 * Writes a plan down as the files of a bundle, one by one; bundle.json, which names them all, is the writer's.
 *
 * @param plan - everything decided
 * @param toolVersion - the version of edge
 */
export function* render(plan: Plan, toolVersion: string): Iterable<File> {
  yield* kserveConfig(plan)
  yield* manifests(plan)
  yield* overlays(plan)
  yield* probes(plan)
  // What no registry has, nobody can mirror.
  yield { path: 'images/images.txt', content: plan.images.flatMap(({ reference, pullFrom }) => (pullFrom === undefined ? [`${reference}\n`] : [])).join('') }
  yield* bootc(plan)
  yield readme(plan, toolVersion)
}
