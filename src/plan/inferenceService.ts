import type { EnvVar, InferenceService, Resources } from '../kubernetes/types.ts'
import type { PlannedAccelerator, PlannedModel, PlannedVolume } from './plan.ts'

/** What is decided about the pods of a model, beside what PlannedModel says. */
export interface ModelParts extends Pick<PlannedModel, 'name' | 'format' | 'runtime' | 'storageUri'> {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Absent where the runtime takes KServe's default, v1. */
  readonly protocolVersion?: string
  readonly args: readonly string[]
  readonly env: readonly EnvVar[]
  readonly resources: Resources
  readonly volumes: readonly PlannedVolume[]
  readonly readinessProbe?: Readonly<Record<string, unknown>>
  readonly serviceAccountName?: string
  readonly replicas: { readonly min: number; readonly max: number }
  readonly strategy: 'Recreate' | 'RollingUpdate'
  readonly imagePullSecrets: readonly string[]
  readonly accelerator?: PlannedAccelerator
}

/** A map or list that is only there when there is something in it. */
const unlessEmpty = <K extends string, V extends object>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined || Object.keys(value).length === 0 ? {} : ({ [key]: value } as { readonly [P in K]: V })

/** KServe's InferenceService for a model: facts/kserve.md, from InferenceService to pods. */
export const inferenceService = (parts: ModelParts): InferenceService => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: parts.name, ...unlessEmpty('labels', parts.labels), annotations: parts.annotations },
  spec: {
    predictor: {
      minReplicas: parts.replicas.min,
      maxReplicas: parts.replicas.max,
      deploymentStrategy: { type: parts.strategy },
      ...(parts.serviceAccountName === undefined ? {} : { serviceAccountName: parts.serviceAccountName }),
      ...unlessEmpty(
        'imagePullSecrets',
        parts.imagePullSecrets.map((name) => ({ name })),
      ),
      ...unlessEmpty('nodeSelector', parts.accelerator?.nodeSelector),
      ...unlessEmpty('tolerations', parts.accelerator?.tolerations),
      ...unlessEmpty(
        'volumes',
        parts.volumes.map(({ name, source }) => ({ name, ...source })),
      ),
      model: {
        modelFormat: parts.format,
        runtime: parts.runtime,
        ...(parts.protocolVersion === undefined ? {} : { protocolVersion: parts.protocolVersion }),
        storageUri: parts.storageUri,
        ...unlessEmpty('args', parts.args),
        ...unlessEmpty('env', parts.env),
        ...unlessEmpty('resources', parts.resources),
        ...unlessEmpty(
          'volumeMounts',
          parts.volumes.map(({ source: _, ...mount }) => mount),
        ),
        ...unlessEmpty('readinessProbe', parts.readinessProbe),
      },
    },
  },
})
