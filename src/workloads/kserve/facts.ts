import type { InferenceService, RuntimeContainer, ServingRuntime } from '../../kubernetes/types.ts'
import { isMap } from '../../basics/maps.ts'
import { type ServedPort, servedPort } from '../../payload/servingRuntime.ts'
import type { ModelFacts } from '../workload.ts'
import { podOf, serverContainer } from './pod.ts'

const emptyContainer: RuntimeContainer = { name: serverContainer, image: '' }

/** Reads what is so of a model from its final InferenceService and ServingRuntime. */
export const factsOf = (service: InferenceService, runtime: ServingRuntime): ModelFacts => {
  const { predictor } = service.spec
  const { model } = predictor
  const pod = podOf(service, runtime)
  const container = pod.spec.containers.find(({ name }) => name === serverContainer) ?? emptyContainer
  const readinessProbe = container.readinessProbe as Readonly<Record<string, unknown>> | undefined
  return {
    runtime: model.runtime,
    source: model.storageUri.replace(/^oci:\/\//, ''),
    pod,
    container,
    own: {
      args: model.args ?? [],
      env: model.env ?? [],
      resources: model.resources ?? {},
      mounts: model.volumeMounts ?? [],
    },
    port: agentPort(predictor) ?? servedPort(pod),
    ...(model.protocolVersion === undefined ? {} : { protocolVersion: model.protocolVersion }),
    replicas: { min: predictor.minReplicas, max: predictor.maxReplicas },
    strategy: predictor.deploymentStrategy.type,
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
    accelerators: acceleratorsOf(model.resources?.limits ?? {}),
    volumes: predictor.volumes ?? [],
    labels: service.metadata.labels ?? {},
    annotations: service.metadata.annotations ?? {},
  }
}

/** The container that KServe adds for loggers and batchers. */
export const agent = 'agent'

/**
 * With a logger or a batcher the predictor's Service leads to the agent, not to the server. Source: KServe's createDefaultSvc
 * (pkg/controller/v1beta1/inferenceservice/reconcilers/service/service_reconciler.go), InferenceServiceDefaultAgentPort.
 */
const agentPort = (predictor: object): ServedPort | undefined => {
  const { logger, batcher } = predictor as { readonly logger?: unknown; readonly batcher?: unknown }
  return isMap(logger) || isMap(batcher) ? { port: 9081, container: agent, declared: true } : undefined
}

/** Extended resources are devices: their names have a domain, and hugepages are memory. */
const acceleratorsOf = (limits: Readonly<Record<string, string>>): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(limits).flatMap(([resource, count]) =>
      resource.includes('/') && Number(count) > 0 ? [[resource, Number(count)]] : [],
    ),
  )
