import { type JsonMap, mapOf as map } from '../basics/maps.ts'

/** A condition of an object, as Kubernetes has them. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** An object that is held to what the bundle wants. */
export interface LiveObject {
  readonly name: string
  /** What may be compared of it. */
  readonly object: JsonMap
}

export interface LiveService extends LiveObject {
  readonly conditions: readonly Condition[]
  /** What KServe says of the last model that did not load. */
  readonly failure: string
}

export interface LiveDeployment extends LiveObject {
  readonly isSeen: boolean
  readonly wanted: number
  readonly replicas: number
  readonly updated: number
  readonly available: number
  readonly conditions: readonly Condition[]
}

export interface LiveRoute extends LiveObject {
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

/** An object without what nothing is compared with: a custom resource holds whatever somebody wrote. */
const comparable = (object: Json): LiveObject => {
  const { metadata, status, kind: _, apiVersion: __, ...fields } = map(object)
  const { name, namespace, labels, annotations, generation, deletionTimestamp } = map(metadata)
  const { observedGeneration } = map(status)
  return {
    name: text(name),
    object: {
      metadata: { name, namespace, labels, annotations, generation, deletionTimestamp },
      ...fields,
      status: { observedGeneration },
    },
  }
}

/** Objects of the cluster, cut down to what is looked at: a custom resource holds whatever somebody wrote. */
export const liveObject = {
  phase: (object: Json): string => text(map(map(object)['status'])['phase']),
  object: comparable,
  service: (object: Json): LiveService => {
    const { status } = map(object)
    const { reason, message } = map(map(map(status)['modelStatus'])['lastFailureInfo'])
    return {
      ...comparable(object),
      conditions: conditionsOf(map(status)['conditions']),
      failure: [text(reason), text(message)].filter((part) => part !== '').join(': '),
    }
  },
  deployment: (object: Json): LiveDeployment => {
    const { metadata, spec, status } = map(object)
    const { observedGeneration, replicas, updatedReplicas, availableReplicas, conditions } = map(status)
    const wanted = map(spec)['replicas']
    return {
      ...comparable(object),
      isSeen: number(observedGeneration) >= number(map(metadata)['generation']),
      wanted: wanted === undefined ? 1 : number(wanted),
      replicas: number(replicas),
      updated: number(updatedReplicas),
      available: number(availableReplicas),
      conditions: conditionsOf(conditions),
    }
  },
  route: (object: Json): LiveRoute => {
    const { status } = map(object)
    return {
      ...comparable(object),
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
