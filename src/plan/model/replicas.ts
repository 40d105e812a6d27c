import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { AutoscalerClass, ModelFacts } from '../../workloads/workload.ts'

/** Whether a version of OpenShift AI (`2.25.9`) is at least another; false for what is no version. */
export const isAtLeast = (base: string, major: number, minor: number): boolean => {
  const [, baseMajor, baseMinor] = /^(\d+)\.(\d+)/.exec(base) ?? []
  return (
    baseMajor !== undefined &&
    (Number(baseMajor) > major || (Number(baseMajor) === major && Number(baseMinor) >= minor))
  )
}

/** How many pods the spec asks for. */
export const replicasOf = ({ replicas }: ModelSpec): ModelFacts['replicas'] =>
  typeof replicas === 'object' ? replicas : { min: replicas ?? 1, max: replicas ?? 1 }

/**
 * Chooses what makes KServe run that many pods. From base 2.25 on `none` sets the Deployment's replicas. Older ones
 * reject `none`: there `external` makes no autoscaler and leaves one replica, and an autoscaler with min = max raises the
 * Deployment to its minimum without metrics. Source: facts/kserve.md, replicas.
 *
 * @param replicas - final
 * @param base - the payload's release base
 */
export const autoscalerClassFor = ({ min, max }: ModelFacts['replicas'], base: string): AutoscalerClass => {
  if (min !== max) return 'hpa'
  return isAtLeast(base, 2, 25) ? 'none' : min === 1 ? 'external' : 'hpa'
}

/**
 * Looks for numbers of pods that KServe refuses, or never reaches.
 *
 * @param placeOf - where a number of the final object comes from
 */
export const checkReplicas = (
  { min, max }: ModelFacts['replicas'],
  placeOf: (field?: 'min' | 'max') => Location | string,
): Finding[] => {
  if (min > max) return [finding('replicas-order', { min, max }, placeOf('min'))]
  return min < max ? [finding('replicas-never-scale', { min, max }, placeOf())] : []
}
