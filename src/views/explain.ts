import { lockName } from '../oci/lock.ts'
import { formatLabel, servedPort } from '../payload/servingRuntime.ts'
import type { Step } from '../probes/probe.ts'
import type { Plan, PlannedModel } from '../plan/plan.ts'
import { sourceOf } from '../plan/model/source.ts'

/** Why something is as it is. */
export interface Decision {
  readonly what: string
  readonly value: string
  /** A JSON pointer into the spec, where the spec says it. */
  readonly pointer?: string
  /** A path in the payload, or a file beside the spec, where that says it. */
  readonly file?: string
  /** The reason; of a default, why it is the default. */
  readonly why?: string
}

/**
 * Every decision about a model that somebody may want to know the reason of, from the plan alone.
 *
 * @param plan - the plan that the model is of
 * @param model - one of its models
 */
export const explainModel = (plan: Plan, model: PlannedModel): Decision[] => {
  const runtime = [...plan.runtimes, ...plan.siteRuntimes].find(({ name }) => name === model.runtime)
  const { given } = model
  const at = (field: string) => (given[field] === undefined ? {} : { pointer: given[field] })
  const { predictor } = model.object.spec
  const annotations = model.object.metadata.annotations ?? {}
  const decisions: Decision[] = [
    {
      what: 'runtime',
      value: model.runtime,
      ...(given['runtime'] === undefined
        ? {
            ...(runtime === undefined ? {} : { file: runtime.from }),
            why: `the one ServingRuntime that fits the format ${formatLabel(model.format)}${given['accelerator'] === undefined ? '' : ' and the accelerator'}`,
          }
        : at('runtime')),
    },
    ...(runtime?.images ?? []).map(({ container, asked, reference, locked, pointer, file }) => ({
      what: `image of ${container}`,
      value: reference ?? asked,
      ...(pointer === undefined ? {} : { pointer }),
      ...(file === undefined
        ? { ...(pointer === undefined && runtime !== undefined ? { file: runtime.from } : {}) }
        : { file }),
      ...(reference === asked
        ? {}
        : { why: `the runtime asks for "${asked}"${locked === undefined ? '' : lockedWords(locked)}` }),
    })),
    {
      what: 'model image',
      value: model.storageUri,
      ...at('source'),
      ...(model.lockedSource === undefined ? {} : { why: `the source${lockedWords(model.lockedSource)}` }),
      ...(model.archive === undefined
        ? {}
        : { why: `the name that ${sourceOf(model.archive)} has on devices: with another content it has another` }),
    },
  ]
  if (runtime !== undefined) {
    const { container, declared } = servedPort(runtime.object)
    decisions.push({
      what: 'port',
      value: String(model.port),
      ...(declared ? { file: runtime.from } : {}),
      why: declared
        ? `the first port of ${container}: the Service is headless, so the Route names it`
        : 'the runtime declares no port: KServe takes 8080',
    })
  }
  if (predictor.model.protocolVersion !== undefined)
    decisions.push({
      what: 'protocol',
      value: predictor.model.protocolVersion,
      ...(runtime === undefined ? {} : { file: runtime.from }),
      why: 'the runtime lists its protocols, and v1, which KServe assumes, is not one of them',
    })
  decisions.push(...explainRoute(plan, model), ...explainProbes(model))
  decisions.push(
    {
      what: 'name that clients send',
      value: model.servedName,
      ...(given['servedName'] === undefined
        ? { why: model.servedName === model.name ? "the model's name" : 'the last --served-model-name in args' }
        : at('servedName')),
    },
    {
      what: 'readiness probe',
      value:
        predictor.model.readinessProbe === undefined
          ? "the runtime's, or KServe's: whether the port is open"
          : JSON.stringify(predictor.model.readinessProbe),
      ...(given['readiness'] === undefined
        ? { why: 'asks the server for the model, where edge knows how' }
        : at('readiness')),
    },
    {
      what: 'replicas',
      value:
        predictor.minReplicas === predictor.maxReplicas
          ? String(predictor.minReplicas)
          : `${predictor.minReplicas} to ${predictor.maxReplicas}`,
      ...at('replicas'),
      ...(given['replicas'] === undefined ? { why: 'the default' } : {}),
    },
    {
      what: 'autoscaler class',
      value: annotations['serving.kserve.io/autoscalerClass'] ?? '',
      why: `what KServe of release base ${plan.payload.base} takes for that many replicas`,
    },
    {
      what: 'strategy',
      value: predictor.deploymentStrategy.type,
      ...(given['strategy'] === undefined
        ? {
            why:
              given['accelerator'] === undefined
                ? 'the default'
                : 'with one accelerator a rolling update would wait for ever for the one that the old pod holds',
          }
        : at('strategy')),
    },
  )
  return decisions
}

const lockedWords = (reference: string): string => `: ${lockName} says which digest ${reference} has`

const explainRoute = (plan: Plan, { route, given }: PlannedModel): Decision[] => {
  const expose = given['expose']
  if (route === undefined)
    return [{ what: 'host', value: 'no Route', ...(expose === undefined ? {} : { pointer: expose }) }]
  const baseDomain = plan.given['baseDomain']
  return [
    {
      what: 'host',
      value: route.host,
      ...(route.hostLabel === undefined && expose !== undefined
        ? { pointer: `${expose}/host` }
        : {
            ...(baseDomain === undefined ? {} : { pointer: baseDomain }),
            why: `ROUTE-NAMESPACE.apps.BASEDOMAIN, as MicroShift's router names it${baseDomain === undefined ? '; base domain by default' : ''}`,
          }),
    },
    {
      what: 'TLS',
      value: route.tls,
      ...(expose === undefined ? { why: 'the default: the router speaks TLS, the pod HTTP' } : { pointer: expose }),
    },
    ...(route.path === undefined ? [] : [{ what: 'path', value: route.path, why: 'the API key guards /v1 alone' }]),
    ...Object.entries(route.annotations).map(([key, value]) => ({
      what: key.endsWith('/timeout') ? 'timeout' : 'allowed from',
      value,
      ...(expose === undefined ? { why: 'generations outlast the 30 s of the router' } : { pointer: expose }),
    })),
  ]
}

/** What is asked to prove that the model serves, and what is expected. */
const explainProbes = ({ probes: { probes }, given }: PlannedModel): Decision[] =>
  probes.map(({ id, step, method, path, expect: { status, checks } }) => {
    const own = step === 'request' || step === 'inference' ? given['probes'] : undefined
    return {
      what: `probe ${id}`,
      value: `${method} ${path}: ${[`status ${status.join(' or ')}`, ...checks.map(({ says }) => says)].join('; ')}`,
      ...(own === undefined ? { why: whyAsked[step] } : { pointer: own }),
    }
  })

const whyAsked: Readonly<Record<Step, string>> = {
  ready: 'a pod is ready before its model is',
  name: 'clients send that name',
  metrics: 'the count before',
  inference: 'the spec gives no known answer: any will do',
  counter: 'the server has counted the question: it, and nothing else, answered',
  unknown: 'a model that does not exist must not be there, or a good answer proves nothing',
  request: 'the spec asks it',
}
