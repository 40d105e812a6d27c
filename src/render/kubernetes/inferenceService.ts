import type { InferenceService } from '../../kubernetes/types.ts'
import type { PlannedModel } from '../../plan/plan.ts'

/** A map or list that is only written when there is something in it. */
const unlessEmpty = <K extends string, V extends object>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined || Object.keys(value).length === 0 ? {} : ({ [key]: value } as { readonly [P in K]: V })

/** Writes down a model as KServe's InferenceService. */
export const inferenceService = (model: PlannedModel): InferenceService => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: { name: model.name, ...unlessEmpty('labels', model.labels), annotations: model.annotations },
  spec: {
    predictor: {
      minReplicas: model.replicas.min,
      maxReplicas: model.replicas.max,
      deploymentStrategy: { type: model.strategy },
      ...unlessEmpty(
        'imagePullSecrets',
        model.imagePullSecrets.map((name) => ({ name })),
      ),
      ...unlessEmpty('nodeSelector', model.accelerator?.nodeSelector),
      ...unlessEmpty('tolerations', model.accelerator?.tolerations),
      model: {
        modelFormat: model.format,
        runtime: model.runtime,
        ...(model.protocolVersion === undefined ? {} : { protocolVersion: model.protocolVersion }),
        storageUri: model.storageUri,
        ...unlessEmpty('args', model.args),
        ...unlessEmpty('env', model.env),
        ...unlessEmpty('resources', model.resources),
      },
    },
  },
})
