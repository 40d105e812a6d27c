import type { InferenceService } from '../../kubernetes/types.ts'
import type { WorkloadParts } from '../workload.ts'

/** A map or list that is only there when there is something in it. */
const unlessEmpty = <K extends string, V extends object>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  value === undefined || Object.keys(value).length === 0 ? {} : ({ [key]: value } as { readonly [P in K]: V })

/**
 * KServe's InferenceService for a model, with the annotations that make KServe do the right thing on MicroShift:
 * facts/kserve.md, from InferenceService to pods.
 */
export const inferenceService = (parts: WorkloadParts): InferenceService => ({
  apiVersion: 'serving.kserve.io/v1beta1',
  kind: 'InferenceService',
  metadata: {
    name: parts.name,
    ...unlessEmpty('labels', parts.labels),
    annotations: {
      ...parts.annotations,
      ...(parts.displayName === undefined ? {} : { 'openshift.io/display-name': parts.displayName }),
      'serving.kserve.io/deploymentMode': 'RawDeployment',
      'serving.kserve.io/autoscalerClass': parts.autoscalerClass,
      ...(parts.metrics ? { 'prometheus.io/scrape': 'true' } : {}),
    },
  },
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
        storageUri: `oci://${parts.source}`,
        ...unlessEmpty('args', parts.args),
        ...unlessEmpty('env', parts.env),
        ...unlessEmpty('resources', {
          ...unlessEmpty('requests', parts.resources.requests),
          ...unlessEmpty('limits', parts.resources.limits),
        }),
        ...unlessEmpty(
          'volumeMounts',
          parts.volumes.map(({ source: _, ...mount }) => mount),
        ),
        ...unlessEmpty('readinessProbe', parts.readinessProbe),
      },
    },
  },
})
