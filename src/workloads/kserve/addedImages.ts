import { isMap } from '../../basics/maps.ts'
import type { AddedImage } from '../workload.ts'

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (isMap(value) ? value : {})

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
  const spec = fields(object['spec'])
  const annotations = fields(fields(object['metadata'])['annotations'])
  return [
    ...components.flatMap((name) => ofComponent(fields(spec[name]))),
    ...(annotations['security.opendatahub.io/enable-auth'] === 'true'
      ? [{ key: hasRbacProxy ? 'kube-rbac-proxy' : 'oauth-proxy', for: 'enable-auth' }]
      : []),
  ]
}

const ofComponent = (component: Fields): AddedImage[] => [
  ...['logger', 'batcher']
    .filter((field) => isMap(component[field]))
    .map((field) => ({ key: 'kserve-agent', for: field })),
  ...Object.values(component)
    .map(fields)
    .flatMap(({ storageUri, storage }) =>
      isMap(storage) || (typeof storageUri === 'string' && !storageUri.startsWith('oci://'))
        ? [{ key: 'kserve-storage-initializer', for: 'storageUri' }]
        : [],
    ),
]
