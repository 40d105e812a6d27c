import { type JsonMap, mapOf as map } from '../basics/maps.ts'

/** A condition of an object, as Kubernetes has them. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

export interface LiveRuntime {
  readonly name: string
  readonly images: ReadonlyMap<string, string>
}

export interface LiveService {
  readonly name: string
  readonly storageUri: string
  readonly runtime: string
  readonly conditions: readonly Condition[]
  /** What KServe says of the last model that did not load. */
  readonly failure: string
}

export interface LiveDeployment {
  readonly name: string
  readonly isSeen: boolean
  readonly wanted: number
  readonly replicas: number
  readonly updated: number
  readonly available: number
  readonly conditions: readonly Condition[]
}

export interface LiveRoute {
  readonly name: string
  readonly host: string
  readonly path: string
  readonly services: readonly string[]
  readonly targetPort: string
  /** What each router says of it. */
  readonly ingress: readonly { readonly host: string; readonly conditions: readonly Condition[] }[]
}

export interface LiveContainer {
  readonly name: string
  /** As the pod asks for it. */
  readonly image: string
  /** As the container runtime names what it runs: with a digest, or by an id of its own. */
  readonly imageId: string
  readonly restarts: number
  readonly waiting?: { readonly reason: string; readonly message: string }
  /** How it ended, or the one before it did. */
  readonly ended?: { readonly reason: string; readonly message: string; readonly exitCode: number }
}

export interface LivePod {
  readonly name: string
  /** The InferenceService that it belongs to. */
  readonly model: string
  readonly phase: string
  readonly isEnding: boolean
  readonly conditions: readonly Condition[]
  readonly containers: readonly LiveContainer[]
}

/** A warning about an object. */
export interface LiveEvent {
  readonly kind: string
  readonly name: string
  readonly reason: string
  readonly message: string
  readonly count: number
  /** RFC 3339, as the API server gives it. */
  readonly last: string
}

type Json = unknown

const list = (value: Json): readonly JsonMap[] => (Array.isArray(value) ? value.map(map) : [])
const text = (value: Json): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
const number = (value: Json): number => (typeof value === 'number' ? value : 0)
const nameOf = (object: JsonMap): string => text(map(object['metadata'])['name'])

const conditionsOf = (value: Json): Condition[] =>
  list(value).map(({ type, status, reason, message }) => ({
    type: text(type),
    status: text(status),
    reason: text(reason),
    message: text(message),
  }))

/** Objects of the cluster, cut down to what is looked at: a custom resource holds whatever somebody wrote. */
export const liveObject = {
  phase: (object: Json): string => text(map(map(object)['status'])['phase']),
  configData: (object: Json): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(map(map(object)['data'])).map(([key, value]) => [key, text(value)])),
  runtime: (object: Json): LiveRuntime => {
    const spec = map(map(object)['spec'])
    return {
      name: nameOf(map(object)),
      images: new Map(
        [...list(spec['containers']), ...list(map(spec['workerSpec'])['containers'])].map(({ name, image }) => [
          text(name),
          text(image),
        ]),
      ),
    }
  },
  service: (object: Json): LiveService => {
    const { spec, status } = map(object)
    const { storageUri, runtime } = map(map(map(spec)['predictor'])['model'])
    const { reason, message } = map(map(map(status)['modelStatus'])['lastFailureInfo'])
    return {
      name: nameOf(map(object)),
      storageUri: text(storageUri),
      runtime: text(runtime),
      conditions: conditionsOf(map(status)['conditions']),
      failure: [text(reason), text(message)].filter((part) => part !== '').join(': '),
    }
  },
  deployment: (object: Json): LiveDeployment => {
    const { metadata, spec, status } = map(object)
    const { observedGeneration, replicas, updatedReplicas, availableReplicas, conditions } = map(status)
    const wanted = map(spec)['replicas']
    return {
      name: nameOf(map(object)),
      isSeen: number(observedGeneration) >= number(map(metadata)['generation']),
      wanted: wanted === undefined ? 1 : number(wanted),
      replicas: number(replicas),
      updated: number(updatedReplicas),
      available: number(availableReplicas),
      conditions: conditionsOf(conditions),
    }
  },
  route: (object: Json): LiveRoute => {
    const { spec, status } = map(object)
    const { host, path, to, alternateBackends, port } = map(spec)
    return {
      name: nameOf(map(object)),
      host: text(host),
      path: text(path),
      services: [map(to), ...list(alternateBackends)].map(({ name }) => text(name)),
      targetPort: text(map(port)['targetPort']),
      ingress: list(map(status)['ingress']).map((one) => ({
        host: text(one['host']),
        conditions: conditionsOf(one['conditions']),
      })),
    }
  },
  pod: (object: Json): LivePod => {
    const { metadata, spec, status } = map(object)
    const { labels, deletionTimestamp } = map(metadata)
    const { containers, initContainers } = map(spec)
    const { phase, conditions, containerStatuses, initContainerStatuses } = map(status)
    const states = new Map(
      [...list(containerStatuses), ...list(initContainerStatuses)].map((state) => [text(state['name']), state]),
    )
    return {
      name: nameOf(map(object)),
      model: text(map(labels)['serving.kserve.io/inferenceservice']),
      phase: text(phase),
      isEnding: deletionTimestamp !== undefined && deletionTimestamp !== null,
      conditions: conditionsOf(conditions),
      containers: [...list(containers), ...list(initContainers)].map(({ name, image }) =>
        containerOf(text(name), text(image), states.get(text(name)) ?? {}),
      ),
    }
  },
  event: (object: Json): LiveEvent => {
    const { involvedObject, reason, message, count, series, lastTimestamp, eventTime } = map(object)
    const { kind, name } = map(involvedObject)
    const { count: more, lastObservedTime } = map(series)
    return {
      kind: text(kind),
      name: text(name),
      reason: text(reason),
      message: text(message),
      count: Math.max(1, number(count), number(more)),
      last: text(lastObservedTime) || text(lastTimestamp) || text(eventTime),
    }
  },
}

const containerOf = (
  name: string,
  image: string,
  { imageID, restartCount, state, lastState }: JsonMap,
): LiveContainer => {
  const waiting = map(state)['waiting']
  const ended = map(state)['terminated'] ?? map(lastState)['terminated']
  const reasons = (value: Json) => ({ reason: text(map(value)['reason']), message: text(map(value)['message']) })
  return {
    name,
    image,
    imageId: text(imageID),
    restarts: number(restartCount),
    ...(waiting === undefined ? {} : { waiting: reasons(waiting) }),
    ...(ended === undefined ? {} : { ended: { ...reasons(ended), exitCode: number(map(ended)['exitCode']) } }),
  }
}
