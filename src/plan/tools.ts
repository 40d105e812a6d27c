import type { Spec } from '../spec/spec.ts'
import type { PlanningTools } from './makePlan.ts'

/**
 * Loads what the spec asks for and most specs do not: the code of JSON patches, of KServe's configuration, of the checks of a
 * lock.
 *
 * @param hasLock - whether a lock lies beside the spec
 */
export const loadTools = async (spec: Spec, hasLock: boolean): Promise<PlanningTools> => ({
  ...(hasPatch(spec) ? { applyJsonPatch: (await import('./jsonPatch.ts')).applyJsonPatch } : {}),
  ...(spec.body.kserve?.config === undefined
    ? {}
    : { planKserveConfig: (await import('./kserveConfig/planKserveConfig.ts')).planKserveConfig }),
  ...(hasLock ? { checkLock: (await import('./images/checkLock.ts')).checkLock } : {}),
})

/** Whether anything in the spec is a JSON patch. */
const hasPatch = ({ body, models, sites }: Spec): boolean =>
  body.runtimePatches !== undefined ||
  models.some(({ value }) => value.patch !== undefined) ||
  sites.some(({ value }) => Object.values(value.models ?? {}).some((model) => model?.patch !== undefined))
