import type { FakeObject } from '../../tools/fakeApiServer.ts'

type Json = Readonly<Record<string, unknown>>

/** The parts of rendered objects that KServe, the kubelet and the router go by. */
interface Service extends FakeObject {
  readonly spec: {
    readonly predictor: {
      readonly minReplicas: number
      readonly model: { readonly storageUri: string; readonly runtime: string }
    }
  }
}

interface Runtime extends FakeObject {
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] }
}

/** An id of CRI-O's own, which says nothing of a digest. */
export const bareId = 'f'.repeat(64)

export const condition = (type: string, status: string, reason = '', message = ''): Json => ({
  type,
  status,
  ...(reason === '' ? {} : { reason }),
  ...(message === '' ? {} : { message }),
  lastTransitionTime: '2026-01-01T00:00:00Z',
})

/**
 * What a device holds on which all is well: the objects of a bundle as kustomize renders them, with what the controllers of
 * Kubernetes, KServe and the router add.
 *
 * @param rendered - all directories of the bundle
 */
export const goodDevice = (rendered: readonly FakeObject[]): FakeObject[] => {
  const runtimes = rendered.filter((object): object is Runtime => object.kind === 'ServingRuntime')
  return rendered.flatMap((object): FakeObject[] => {
    if (object.kind === 'Namespace') return [{ ...object, status: { phase: 'Active' } }]
    if (object.kind === 'Route')
      return [
        {
          ...object,
          status: {
            ingress: [
              {
                host: (object['spec'] as { host: string }).host,
                routerName: 'default',
                wildcardPolicy: 'None',
                conditions: [condition('Admitted', 'True')],
              },
            ],
          },
        },
      ]
    if (object.kind !== 'InferenceService') return [object]
    const service = object as Service
    const { runtime, storageUri } = service.spec.predictor.model
    const containers = runtimes.find(({ metadata }) => metadata.name === runtime)?.spec.containers ?? []
    return [
      {
        ...defaulted(service),
        status: {
          observedGeneration: 1,
          conditions: [
            condition('IngressReady', 'True'),
            condition('PredictorReady', 'True'),
            condition('Ready', 'True'),
            condition('Stopped', 'False'),
          ],
        },
      },
      ...workload(service, containers, storageUri.slice('oci://'.length)),
    ]
  })
}

/**
 * An InferenceService as KServe's webhook leaves it (InferenceServiceDefaulter: written anew from its Go types, with
 * the processor and memory of inferenceservice-config and without a token).
 */
const defaulted = (service: Service): Service => {
  const { model } = service.spec.predictor
  const { resources = {} } = model as { readonly resources?: Readonly<Record<string, object>> }
  const some = { cpu: '1', memory: '2Gi' }
  return {
    ...service,
    metadata: { ...service.metadata, generation: 1, finalizers: ['inferenceservice.finalizers'] },
    spec: {
      predictor: {
        automountServiceAccountToken: false,
        ...service.spec.predictor,
        model: {
          name: '',
          ...model,
          resources: {
            limits: { ...some, ...resources['limits'] },
            requests: { ...some, ...resources['requests'] },
          },
        } as typeof model,
      } as Service['spec']['predictor'],
    },
  }
}

/** The Deployment of an InferenceService, and a pod. */
const workload = (
  { metadata, spec: { predictor } }: Service,
  containers: Runtime['spec']['containers'],
  modelCar: string,
): FakeObject[] => {
  const name = `${metadata.name}-predictor`
  const { namespace = '' } = metadata
  const labels = { app: `isvc.${name}`, component: 'predictor', 'serving.kserve.io/inferenceservice': metadata.name }
  const images = [...containers.map((container) => [container.name, container.image]), ['modelcar', modelCar]] as [
    string,
    string,
  ][]
  const init: [string, string][] = [['modelcar-init', modelCar]]
  const spec = (all: readonly [string, string][]) => all.map(([container, image]) => ({ name: container, image }))
  const states = (all: readonly [string, string][], state: Json) =>
    all.map(([container, image]) => ({ name: container, image, imageID: bareId, ready: true, restartCount: 0, state }))
  const { minReplicas } = predictor
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace, labels, generation: 2 },
      spec: {
        replicas: minReplicas,
        template: {
          metadata: {
            labels,
            annotations: { 'internal.serving.kserve.io/storage-initializer-sourceuri': predictor.model.storageUri },
          },
          spec: { containers: spec(images.slice(0, -1)) },
        },
      },
      status: {
        observedGeneration: 2,
        replicas: minReplicas,
        updatedReplicas: minReplicas,
        readyReplicas: minReplicas,
        availableReplicas: minReplicas,
        conditions: [
          condition('Progressing', 'True', 'NewReplicaSetAvailable'),
          condition('Available', 'True', 'MinimumReplicasAvailable'),
        ],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `${name}-6d5f8c9b7-x2x4v`, namespace, labels },
      spec: { containers: spec(images), initContainers: spec(init) },
      status: {
        phase: 'Running',
        conditions: [condition('PodScheduled', 'True'), condition('Ready', 'True')],
        containerStatuses: states(images, { running: { startedAt: '2026-01-01T00:00:00Z' } }),
        initContainerStatuses: states(init, { terminated: { exitCode: 0, reason: 'Completed' } }),
      },
    },
  ]
}

/** A warning, as the event recorder of Kubernetes writes them. */
export const warning = (kind: string, name: string, reason: string, message: string, more: Json = {}): FakeObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: `${name}.${reason.toLowerCase()}`, namespace: 'ai' },
  involvedObject: { kind, namespace: 'ai', name },
  type: 'Warning',
  reason,
  message,
  count: 1,
  lastTimestamp: '2026-01-01T00:00:00Z',
  ...more,
})

/**
 * Objects with one of them changed.
 *
 * @param changes - makes another of it; none takes it away
 */
export const changed = (
  objects: readonly FakeObject[],
  kind: string,
  name: string,
  changes: (object: FakeObject) => FakeObject | undefined,
): FakeObject[] => {
  if (!objects.some((object) => object.kind === kind && object.metadata.name === name))
    throw new Error(`there is no ${kind} ${name}`)
  return objects.flatMap((object) =>
    object.kind === kind && object.metadata.name === name ? (changes(object) ?? []) : [object],
  )
}

/** A value with another at a place in it; undefined takes it away. */
export const put = <T>(value: T, path: readonly (string | number)[], other: unknown): T => {
  const [step, ...rest] = path
  if (step === undefined) return other as T
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string | number, unknown>
  copy[step] = put(copy[step], rest, other)
  return copy as T
}
