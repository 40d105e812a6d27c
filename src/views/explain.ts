import type { Decision, Origin } from '../plan/decision.ts'
import type { Plan, PlannedModel, PlannedRoute } from '../plan/plan.ts'
import { reasonWords } from '../plan/reasons.ts'
import type { Probe } from '../probes/probe.ts'

/** A decision in words: what was decided, where that comes from, and why. */
export interface Explanation {
  readonly what: string
  readonly value: string
  readonly from: Origin['from']
  /** A JSON pointer into the spec, where the spec says it: a field, a site's, or an operation of a patch. */
  readonly pointer?: string
  /** A path in the payload, or a file beside the spec, where that says it. */
  readonly file?: string
  /** The reason; of a default, why it is the default. */
  readonly why?: string
}

/**
 * Every decision about a model that somebody may want to know the reason of, as the plan has them. Nothing is concluded here.
 *
 * @param plan - the plan that the model is of
 * @param model - one of its models
 */
export const explainModel = (plan: Plan, { decisions, route, facts }: PlannedModel): Explanation[] => {
  const runtime = [...plan.runtimes, ...plan.siteRuntimes].find(({ name }) => name === facts.runtime)
  const { replicas, readiness } = decisions
  return [
    inWords('runtime', decisions.runtime),
    ...(runtime?.images ?? []).map(({ container, image }) => inWords(`image of ${container}`, image)),
    inWords('model image', decisions.source),
    inWords('port', decisions.port),
    ...(decisions.protocolVersion === undefined ? [] : [inWords('protocol', decisions.protocolVersion)]),
    ...(route === undefined ? withoutRoute(decisions) : ofRoute(route)),
    ...decisions.probes.map((probe) => inWords(`probe ${probe.value.id}`, probe, probeInWords(probe.value))),
    inWords('name that clients send', decisions.servedName),
    inWords(
      'readiness probe',
      readiness,
      readiness.value === undefined
        ? "the runtime's, or KServe's: whether the port is open"
        : JSON.stringify(readiness.value),
    ),
    inWords(
      'replicas',
      replicas,
      replicas.value.min === replicas.value.max
        ? String(replicas.value.min)
        : `${replicas.value.min} to ${replicas.value.max}`,
    ),
    inWords('autoscaler class', decisions.autoscalerClass),
    inWords('strategy', decisions.strategy),
  ]
}

const inWords = (what: string, { value, origin, why }: Decision<unknown>, words = String(value)): Explanation => {
  const reason = reasonWords(why)
  return {
    what,
    value: words,
    from: origin.from,
    ...('pointer' in origin ? { pointer: origin.pointer } : {}),
    ...('file' in origin ? { file: origin.file } : {}),
    ...(reason === '' ? {} : { why: reason }),
  }
}

const withoutRoute = ({ unexposed }: PlannedModel['decisions']): Explanation[] =>
  unexposed === undefined ? [] : [inWords('host', unexposed, 'no Route')]

const ofRoute = ({ host, tls, path, timeout, allowFrom }: PlannedRoute): Explanation[] => [
  inWords('host', host),
  inWords('TLS', tls),
  ...(path === undefined ? [] : [inWords('path', path)]),
  ...(timeout === undefined ? [] : [inWords('timeout', timeout)]),
  ...(allowFrom === undefined ? [] : [inWords('allowed from', allowFrom, allowFrom.value.join(' '))]),
]

/** What is asked to prove that the model serves, and what is expected. */
const probeInWords = ({ method, path, expect: { status, checks } }: Probe): string =>
  `${method} ${path}: ${[`status ${status.join(' or ')}`, ...checks.map(({ says }) => says)].join('; ')}`
