import { type Finding, finding } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'

export type AutoscalerClass = 'none' | 'external' | 'hpa'

export interface PlannedReplicas {
  readonly min: number
  readonly max: number
  /** Value of the annotation `serving.kserve.io/autoscalerClass`. */
  readonly autoscalerClass: AutoscalerClass
  readonly findings: readonly Finding[]
}

/** Whether a version of OpenShift AI (`2.25.9`) is at least another; false for what is no version. */
export const isAtLeast = (base: string, major: number, minor: number): boolean => {
  const [, baseMajor, baseMinor] = /^(\d+)\.(\d+)/.exec(base) ?? []
  return (
    baseMajor !== undefined &&
    (Number(baseMajor) > major || (Number(baseMajor) === major && Number(baseMinor) >= minor))
  )
}

/**
 * Chooses what makes KServe run that many pods. From base 2.25 on `none` sets the Deployment's replicas. Older ones
 * reject `none`: there `external` makes no autoscaler and leaves one replica, and an autoscaler with min = max raises the
 * Deployment to its minimum without metrics. Source: facts/kserve.md, replicas.
 *
 * @param replicas - the spec's field
 * @param base - the payload's release base
 * @param pointer - where the field is
 */
export const planReplicas = (replicas: ModelSpec['replicas'], base: string, pointer: string): PlannedReplicas => {
  const { min, max } = typeof replicas === 'object' ? replicas : { min: replicas ?? 1, max: replicas ?? 1 }
  if (min > max)
    return {
      min,
      max: min,
      autoscalerClass: 'hpa',
      findings: [finding('replicas-order', { min, max }, `${pointer}/min`)],
    }
  if (min < max)
    return { min, max, autoscalerClass: 'hpa', findings: [finding('replicas-never-scale', { min, max }, pointer)] }
  const autoscalerClass = isAtLeast(base, 2, 25) ? 'none' : min === 1 ? 'external' : 'hpa'
  return { min, max, autoscalerClass, findings: [] }
}
