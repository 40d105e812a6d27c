import { isMap, type JsonMap, mapOf } from '../../basics/maps.ts'
import type { AddedImage } from '../workload.ts'

/** The components of an InferenceService, each a pod of its own. */
export const components = ['predictor', 'transformer', 'explainer'] as const

/**
 * What KServe's controller and webhook add to the pods of an object, beside the images that the object names itself: the agent
 * for loggers and batchers, the storage initializer for models that are no OCI images, the router of an InferenceGraph, and
 * the proxy that asks for a token. Images of runtimes and models stand in the objects. Source: facts/kserve.md, which images a
 * bundle needs at run time; KServe's pkg/webhook/admission/pod (agent_injector.go, storage_initializer_injector.go).
 *
 * @param object - any object
 * @param hasRbacProxy - whether the payload's release-info has kube-rbac-proxy: newer releases inject that one
 */
export const addedByKserve = (object: unknown, hasRbacProxy: boolean): AddedImage[] => {
  if (!isMap(object) || !String(object['apiVersion']).startsWith('serving.kserve.io/')) return []
  if (object['kind'] === 'InferenceGraph') return [{ key: 'kserve-router', for: 'InferenceGraph' }]
  if (object['kind'] !== 'InferenceService') return []
  const spec = mapOf(object['spec'])
  const annotations = mapOf(mapOf(object['metadata'])['annotations'])
  return [
    ...components.flatMap((name) => ofComponent(mapOf(spec[name]))),
    ...(annotations['security.opendatahub.io/enable-auth'] === 'true'
      ? [{ key: hasRbacProxy ? 'kube-rbac-proxy' : 'oauth-proxy', for: 'enable-auth' }]
      : []),
  ]
}

const ofComponent = (component: JsonMap): AddedImage[] => [
  ...['logger', 'batcher']
    .filter((field) => isMap(component[field]))
    .map((field) => ({ key: 'kserve-agent', for: field })),
  ...storageOf(component)
    .filter((address) => !address.startsWith('oci://'))
    .map(() => ({ key: 'kserve-storage-initializer', for: 'storageUri' })),
]

/** The variable by which a component with containers of its own names its model: KServe's CustomSpecStorageUriEnvVarKey. */
const storageVariable = 'STORAGE_URI'

/**
 * Where a component takes models from.
 *
 * @returns addresses; `storage` where a field of that name says it
 */
export const storageOf = (component: JsonMap): string[] => [
  ...Object.values(component)
    .map(mapOf)
    .flatMap(({ storageUri, storage }) =>
      isMap(storage) ? ['storage'] : typeof storageUri === 'string' ? [storageUri] : [],
    ),
  ...listOf(component['containers'])
    .flatMap((container) => listOf(mapOf(container)['env']))
    .map(mapOf)
    .flatMap(({ name, value }) => (name === storageVariable && typeof value === 'string' ? [value] : [])),
]

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
