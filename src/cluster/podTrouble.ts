import type { ClusterCause } from './causes.ts'
import type { LiveContainer, LiveEvent, LivePod } from './live.ts'

/** Why pods do not run. */
export interface Trouble {
  readonly cause?: ClusterCause
  readonly lines: readonly string[]
}

/** More lines help nobody. */
const mostLines = 8

/** What weighs most first: a pod that is not there has no containers. */
const weight: readonly ClusterCause[] = [
  'pod-not-made',
  'unschedulable',
  'image-not-pulled',
  'pod-out-of-memory',
  'pod-crashes',
  'pod-not-started',
]

/** Why a container waits, as the kubelet names it. Source: Kubernetes' pkg/kubelet/images/types.go and kuberuntime. */
const waitingCauses: Readonly<Record<string, ClusterCause>> = {
  ErrImagePull: 'image-not-pulled',
  ImagePullBackOff: 'image-not-pulled',
  InvalidImageName: 'image-not-pulled',
  ErrImageNeverPull: 'image-not-pulled',
  ImageInspectError: 'image-not-pulled',
  RegistryUnavailable: 'image-not-pulled',
  SignatureValidationFailed: 'image-not-pulled',
  CrashLoopBackOff: 'pod-crashes',
  CreateContainerConfigError: 'pod-not-started',
  CreateContainerError: 'pod-not-started',
  RunContainerError: 'pod-not-started',
}

const eventCauses: Readonly<Record<string, ClusterCause>> = {
  FailedCreate: 'pod-not-made',
  FailedScheduling: 'unschedulable',
  FailedMount: 'pod-not-started',
}

interface Line {
  readonly cause?: ClusterCause
  readonly text: string
}

/**
 * Says why the pods of a model do not run: what the pods themselves say, and the warnings about them and about their
 * ReplicaSets.
 *
 * @param predictor - name of the Deployment
 * @param pods - those of the model
 * @param events - warnings of the namespace
 */
export const podTrouble = (predictor: string, pods: readonly LivePod[], events: readonly LiveEvent[]): Trouble => {
  const here = pods.filter(({ isEnding }) => !isEnding)
  const lines = [...here.flatMap(ofPod), ...ofEvents(predictor, here, events)]
  const cause = weight.find((one) => lines.some((line) => line.cause === one))
  const texts = [...new Set(lines.map(({ text }) => text))]
  return {
    ...(cause === undefined ? {} : { cause }),
    lines: texts.length <= mostLines ? texts : [...texts.slice(0, mostLines), `and ${texts.length - mostLines} more`],
  }
}

const ofPod = ({ name, phase, conditions, containers }: LivePod): Line[] => {
  const unscheduled = conditions
    .filter(({ type, status }) => type === 'PodScheduled' && status === 'False')
    .map(({ reason, message }): Line => ({
      cause: 'unschedulable',
      text: `pod ${name} has no node: ${reason}: ${message}`,
    }))
  const lines = [...unscheduled, ...containers.flatMap((container) => ofContainer(name, container))]
  return phase === 'Failed' && lines.length === 0 ? [{ text: `pod ${name} failed` }] : lines
}

const ofContainer = (pod: string, { name, restarts, waiting, ended }: LiveContainer): Line[] => {
  const lines: Line[] = []
  if (waiting !== undefined && !['', 'PodInitializing', 'ContainerCreating'].includes(waiting.reason)) {
    const cause = waitingCauses[waiting.reason]
    lines.push({
      ...(cause === undefined ? {} : { cause }),
      text: `pod ${pod}, container ${name} waits: ${waiting.reason}${waiting.message === '' ? '' : `: ${waiting.message}`}`,
    })
  }
  // An init container that ends with 0 did what it should.
  if (ended !== undefined && ended.exitCode !== 0) {
    const cause = ended.reason === 'OOMKilled' ? 'pod-out-of-memory' : 'pod-crashes'
    lines.push({
      cause,
      text: `pod ${pod}, container ${name} ended with ${ended.exitCode} (${ended.reason}), ${restarts} restarts${ended.message === '' ? '' : `: ${ended.message}`}`,
    })
  }
  return lines
}

/** The newest warnings first. */
const ofEvents = (predictor: string, pods: readonly LivePod[], events: readonly LiveEvent[]): Line[] => {
  const names = new Set(pods.map(({ name }) => name))
  const isReplicaSet = (name: string) =>
    name.startsWith(`${predictor}-`) && /^[a-z0-9]+$/.test(name.slice(predictor.length + 1))
  return events
    .filter(({ kind, name }) => (kind === 'Pod' ? names.has(name) : kind === 'ReplicaSet' && isReplicaSet(name)))
    .sort((a, b) => (a.last < b.last ? 1 : -1))
    .map(({ kind, name, reason, message, count }) => {
      const cause = eventCauses[reason]
      return {
        ...(cause === undefined ? {} : { cause }),
        text: `${kind === 'Pod' ? 'pod' : kind} ${name}, ${count === 1 ? 'once' : `${count} times`} ${reason}: ${message}`,
      }
    })
}
