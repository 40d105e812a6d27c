import type { InferenceService } from '../../kubernetes/types.ts'
import type { Probe, Step } from '../../probes/probe.ts'
import { byDefault, type Decision, decided, given, type Origin } from '../decision.ts'
import { agent } from '../../workloads/kserve/facts.ts'
import { kserve } from '../../workloads/kserve/kserve.ts'
import type { ModelDecisions } from '../plan.ts'
import type { Reason } from '../reasons.ts'
import type { AvailableRuntime } from '../runtimes.ts'
import type { PlacedModel } from './placedModel.ts'
import type { Made } from './settle.ts'

interface Sources {
  readonly placed: PlacedModel
  readonly made: Made
  readonly runtime: Decision<string>
  readonly source: Decision<string>
  /** Where the runtime is from. */
  readonly file: AvailableRuntime | undefined
  readonly servedName: Decision<string>
  readonly probes: readonly Probe[]
}

/** The decisions about a model as they came out: what a patch changed is the patch's. */
export const decisionsOf = ({ placed, made, runtime, source, file, servedName, probes }: Sources): ModelDecisions => {
  const { value: model, originOf } = placed
  const { facts, derived, history } = made
  const fromRuntime: Origin = file === undefined ? byDefault : { from: file.own ? 'file' : 'payload', file: file.file }
  /** A decision as the final object has it. */
  const final = <T>(value: T, before: Decision<unknown>, read: (object: InferenceService) => unknown): Decision<T> => {
    const origin = history.originOf(read, before.origin)
    return origin.from === 'patch' ? decided(value, origin, { code: 'patched' }) : decided(value, origin, before.why)
  }
  const replicas = originOf('replicas')
  const { protocolVersion, port, readinessProbe } = facts
  const unexposed = originOf('expose')
  return {
    runtime,
    source,
    port: final(
      port.port,
      port.container === agent
        ? decided(0, fromRuntime, { code: 'port-agent' })
        : port.declared
          ? decided(0, fromRuntime, { code: 'port-declared', args: { container: port.container } })
          : decided(0, byDefault, { code: 'port-default' }),
      (object) => (file === undefined ? undefined : kserve.read(object, file.object).port),
    ),
    ...(protocolVersion === undefined
      ? {}
      : {
          protocolVersion: final(
            protocolVersion,
            decided('', fromRuntime, { code: 'protocol-listed' }),
            ({ spec }) => spec.predictor.model.protocolVersion,
          ),
        }),
    servedName,
    readiness: final(readinessProbe, derived.readiness, ({ spec }) => spec.predictor.model.readinessProbe),
    replicas: final(
      facts.replicas,
      replicas === undefined ? decided(0, byDefault, { code: 'replicas-default' }) : given(0, replicas),
      ({ spec: { predictor } }) => [predictor.minReplicas, predictor.maxReplicas],
    ),
    autoscalerClass: final(
      facts.annotations['serving.kserve.io/autoscalerClass'] ?? '',
      derived.autoscalerClass,
      ({ metadata }) => metadata.annotations?.['serving.kserve.io/autoscalerClass'],
    ),
    strategy: final(facts.strategy, derived.strategy, ({ spec }) => spec.predictor.deploymentStrategy),
    ...(model.expose === false && unexposed !== undefined ? { unexposed: given(false, unexposed) } : {}),
    probes: probes.map((probe) => {
      const said = ['request', 'inference'].includes(probe.step) ? originOf('probes') : undefined
      return said === undefined ? decided(probe, byDefault, { code: whyAsked[probe.step] }) : given(probe, said)
    }),
  }
}

const whyAsked = {
  ready: 'probe-ready',
  name: 'probe-name',
  metrics: 'probe-before',
  inference: 'probe-any',
  counter: 'probe-counter',
  unknown: 'probe-unknown',
  request: 'given',
} as const satisfies Readonly<Record<Step, Reason['code']>>
