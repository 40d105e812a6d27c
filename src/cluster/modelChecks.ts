import { behind, isBehind } from './differences.ts'
import { differencesOf, limited } from './drift.ts'
import type { Expected, ExpectedModel } from './expected.ts'
import type { Condition, LiveDeployment, LiveEvent, LiveObject, LivePod, LiveService } from './live.ts'
import { otherImages } from './podImages.ts'
import { podTrouble } from './podTrouble.ts'
import { type ClusterResult, failed, passed, type Read, skipped, unread } from './result.ts'

/** What is read of models; events only when something fails. */
export interface LiveModels {
  readonly services: Read<readonly LiveService[]>
  readonly deployments: Read<readonly LiveDeployment[]>
  readonly pods: Read<readonly LivePod[]>
  readonly events?: Read<readonly LiveEvent[]>
}

/** A condition in words. */
export const conditionInWords = ({ type, status, reason, message }: Condition): string =>
  `${type} is ${status}${reason === '' ? '' : ` (${reason})`}${message === '' ? '' : `: ${message}`}`

/** A model from its InferenceService to its pods. */
export const modelChecks = (model: ExpectedModel, expected: Expected, live: LiveModels): ClusterResult[] => {
  const { name } = model
  const { namespace } = expected
  const { services } = live
  const service = services.ok ? services.value.find((one) => one.name === name) : undefined
  // What KServe makes of an InferenceService is not there without it, unless that could not be read.
  if (services.ok && service === undefined) {
    const why = `there is no InferenceService ${name}`
    return [
      serviceCheck(model, expected, live),
      skipped('CLUSTER-READY', name, why),
      skipped('CLUSTER-DEPLOYMENT', name, why),
      skipped('CLUSTER-IMAGES', name, why),
    ]
  }
  return [
    serviceCheck(model, expected, live),
    readyCheck(model, namespace, live),
    deploymentCheck(model, expected, live),
    imagesCheck(model, namespace, live),
  ]
}

/** Without what its controller did not do yet: that is a matter of the checks after it. */
const fieldsOf = (expected: Expected, key: string, live: LiveObject): readonly string[] =>
  limited(differencesOf(expected, key, live).filter((line) => !line.endsWith(`: ${behind}`)))

const serviceCheck = ({ name }: ExpectedModel, expected: Expected, { services }: LiveModels): ClusterResult => {
  const id = 'CLUSTER-SERVICE'
  const { namespace } = expected
  const what = `InferenceService ${name} as in the bundle`
  if (!services.ok) {
    const { failure } = services
    return failure.cause === 'api-not-found'
      ? failed(id, name, namespace, {
          cause: 'kserve-missing',
          expected: what,
          came: [failure.came],
          request: failure.request,
        })
      : unread(id, name, namespace, failure)
  }
  const { request } = services
  const live = services.value.find((one) => one.name === name)
  const key = `InferenceService/${name}`
  if (live === undefined)
    return failed(id, name, namespace, {
      cause: 'service-missing',
      expected: what,
      came: differencesOf(expected, key, undefined),
      request,
    })
  const came = fieldsOf(expected, key, live)
  return came.length === 0
    ? passed(id, name)
    : failed(id, name, namespace, { cause: 'service-other', expected: what, came, request })
}

const readyCheck = ({ name }: ExpectedModel, namespace: string, { services }: LiveModels): ClusterResult => {
  const id = 'CLUSTER-READY'
  if (!services.ok) return skipped(id, name, 'the InferenceServices could not be read')
  const expected = 'the condition Ready is True'
  const live = services.value.find((one) => one.name === name)
  const { conditions = [], failure = '' } = live ?? {}
  const { request } = services
  if (live !== undefined && isBehind(live.object))
    return failed(id, name, namespace, {
      cause: 'service-behind',
      expected: 'KServe carried out the last change',
      came: [`InferenceService ${name}: ${behind}`, ...conditions.map(conditionInWords)],
      request,
    })
  if (conditions.some(({ type, status }) => type === 'Ready' && status === 'True')) return passed(id, name)
  if (!conditions.some(({ type }) => type === 'Ready'))
    return failed(id, name, namespace, {
      cause: 'service-not-seen',
      expected,
      came: ['no condition Ready', ...conditions.map(conditionInWords)],
      request,
    })
  // Stopped is False of each service that runs.
  const came = conditions.filter(({ type, status }) => status !== 'True' && type !== 'Stopped').map(conditionInWords)
  return failed(id, name, namespace, {
    cause: 'service-not-ready',
    expected,
    came: [...came, ...(failure === '' ? [] : [`the model: ${failure}`])],
    request,
  })
}

const deploymentCheck = (
  { name }: ExpectedModel,
  expected: Expected,
  { deployments, pods, events }: LiveModels,
): ClusterResult => {
  const id = 'CLUSTER-DEPLOYMENT'
  const { namespace } = expected
  if (!deployments.ok) return unread(id, name, namespace, deployments.failure)
  const { request } = deployments
  const predictor = `${name}-predictor`
  const live = deployments.value.find((one) => one.name === predictor)
  if (live === undefined)
    return failed(id, name, namespace, {
      cause: 'deployment-missing',
      expected: `Deployment ${predictor}, available`,
      came: differencesOf(expected, `Deployment/${predictor}`, undefined),
      request,
    })
  const others = fieldsOf(expected, `Deployment/${predictor}`, live)
  if (others.length > 0)
    return failed(id, name, namespace, {
      cause: 'deployment-behind',
      expected: `Deployment ${predictor} as KServe makes it of the bundle`,
      came: others,
      request,
    })
  const isAvailable =
    live.conditions.some(({ type, status }) => type === 'Available' && status === 'True') &&
    live.available >= live.wanted
  // As `kubectl rollout status` has it.
  const isRolledOut = live.isSeen && live.updated >= live.wanted && live.replicas <= live.updated
  if (isAvailable && isRolledOut) return passed(id, name)

  const trouble = podTrouble(
    predictor,
    pods.ok ? pods.value.filter(({ model }) => model === name) : [],
    events?.ok === true ? events.value : [],
  )
  const refused = live.conditions.some(({ type, status }) => type === 'ReplicaFailure' && status === 'True')
  return failed(id, name, namespace, {
    cause: trouble.cause ?? (refused ? 'pod-not-made' : isAvailable ? 'rollout-unfinished' : 'deployment-unavailable'),
    expected: `Deployment ${predictor}: ${live.wanted} available, of its newest version`,
    came: [
      ...(live.isSeen ? [] : [`Deployment ${predictor}: ${behind}`]),
      `${live.available} available, ${live.updated} of the newest version, ${live.replicas} in all`,
      ...live.conditions
        .filter(({ type, status }) => (type === 'ReplicaFailure' ? status === 'True' : status !== 'True'))
        .map(conditionInWords),
      ...trouble.lines,
      ...[pods, events].flatMap((read) =>
        read?.ok === false ? [`could not ${read.failure.wanted}: ${read.failure.came}`] : [],
      ),
    ],
    request,
  })
}

const imagesCheck = ({ name, images }: ExpectedModel, namespace: string, { pods }: LiveModels): ClusterResult => {
  const id = 'CLUSTER-IMAGES'
  if (!pods.ok) return unread(id, name, namespace, pods.failure)
  const running = pods.value.filter(({ model, phase, isEnding }) => model === name && phase === 'Running' && !isEnding)
  if (running.length === 0) return skipped(id, name, 'no pod of the model runs')
  const others = running.flatMap((pod) => otherImages(pod, images))
  const [first] = others
  if (first === undefined) return passed(id, name)
  const named = new Set(others.map(({ text }) => text))
  const expected = images
    .map(
      ({ container, reference, digest }) =>
        `${container}: ${reference}${digest === undefined || reference.includes('@') ? '' : ` (${digest})`}`,
    )
    .join(', ')
  return failed(id, name, namespace, {
    cause: others.find(({ cause }) => cause === 'pod-other-image')?.cause ?? first.cause,
    expected,
    came: [...named],
    request: pods.request,
  })
}
