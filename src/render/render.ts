import type { Plan } from '../plan/plan.ts'
import { bootc } from './bootc/bootc.ts'
import { expected } from './expected.ts'
import type { File } from './file.ts'
import { kserveConfig } from './kserveConfig.ts'
import { imageLists } from './lists/lists.ts'
import { manifests } from './manifests.ts'
import { overlays } from './overlays.ts'
import { probes } from './probes.ts'
import { rbac } from './rbac.ts'
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
  yield* expected(plan)
  yield* rbac(plan)
  yield* imageLists(plan)
  yield* bootc(plan)
  yield readme(plan, toolVersion)
}
