import { type Finding, finding } from '../findings/finding.ts'
import type { EndpointSpec } from '../spec/schema.ts'
import type { Placed } from '../spec/spec.ts'
import type { ModelResult } from './model/planModel.ts'
import type { PlannedEndpoint, PlannedModel } from './plan.ts'
import { placedAt } from './model/placedModel.ts'
import { planRoute, type RouteContext } from './model/route.ts'
import type { Server } from '../servers/recognise.ts'

/** A model with what an endpoint in front of it must know. */
export interface EndpointMember {
  readonly model: PlannedModel
  readonly server: Server
}

/** A Route leads to one Service and to three alternate backends at most: route.openshift.io/v1. */
const mostMembers = 4
const heaviest = 256

/**
 * Endpoints: one Route in front of several models, with weights, so that a client's URL outlives a model.
 *
 * @param endpoints - the spec's field
 * @param members - the planned models by name
 * @param declared - names of all models in the spec, those with errors included
 */
export const planEndpoints = (
  endpoints: readonly Placed<EndpointSpec>[],
  members: ReadonlyMap<string, EndpointMember>,
  declared: readonly string[],
  context: RouteContext,
): { endpoints: PlannedEndpoint[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const planned: PlannedEndpoint[] = []
  const names = new Set([...members.values()].map(({ model }) => model.predictor))
  for (const { value: endpoint, pointer } of endpoints) {
    const behind = Object.keys(endpoint.to).flatMap((name) => members.get(name) ?? [])
    const found = [
      ...(names.has(endpoint.name) ? [finding('duplicate-endpoint', { name: endpoint.name }, `${pointer}/name`)] : []),
      ...(endpoint.expose === false ? [finding('endpoint-not-exposed', {}, `${pointer}/expose`)] : []),
      ...checkMembers(endpoint, declared, pointer),
      ...checkAgreement(behind, pointer),
    ]
    names.add(endpoint.name)
    findings.push(...found)
    const [first] = behind
    if (found.length > 0 || first === undefined || behind.length !== Object.keys(endpoint.to).length) continue
    const { route, findings: routeFindings } = planRoute(
      endpoint.expose,
      {
        name: endpoint.name,
        backends: behind.map(({ model }) => ({ service: model.predictor, weight: endpoint.to[model.name] ?? 0 })),
        behind: { targetPort: first.model.facts.port.port, server: first.server, runtime: first.model.facts.runtime },
        apiKey: first.model.apiKeySecret !== undefined,
        pointer,
        originOf: placedAt(endpoint, pointer),
      },
      context,
    )
    findings.push(...routeFindings)
    if (route !== undefined)
      planned.push({
        name: endpoint.name,
        servedName: first.model.servedName,
        models: behind.map(({ model }) => model.name),
        route,
      })
  }
  return { endpoints: planned, findings }
}

const checkMembers = ({ to }: EndpointSpec, declared: readonly string[], pointer: string): Finding[] => {
  const weights = Object.values(to)
  const isBadWeight = weights.some((weight) => weight > heaviest) || weights.every((weight) => weight === 0)
  return [
    ...(weights.length < 1 || weights.length > mostMembers
      ? [finding('endpoint-members', { count: weights.length }, `${pointer}/to`)]
      : []),
    ...(weights.length > 0 && isBadWeight ? [finding('endpoint-weights', {}, `${pointer}/to`)] : []),
    ...Object.keys(to)
      .filter((model) => !declared.includes(model))
      .map((model) =>
        finding('endpoint-unknown-model', { model, known: declared }, { pointer: `${pointer}/to/${model}`, on: 'key' }),
      ),
  ]
}

/** Clients cannot tell which member answers: all must take the same request. */
const checkAgreement = (members: readonly EndpointMember[], pointer: string): Finding[] => {
  const distinct = <T>(pick: (member: EndpointMember) => T) => [...new Set(members.map(pick))]
  const names = distinct(({ model }) => model.servedName)
  const ports = distinct(({ model }) => model.facts.port.port)
  const keys = distinct(({ model }) =>
    model.apiKeySecret === undefined ? '' : `${model.apiKeySecret.name}/${model.apiKeySecret.key}`,
  )
  return [
    ...(names.length > 1 ? [finding('endpoint-names-differ', { names }, `${pointer}/to`)] : []),
    ...(ports.length > 1 ? [finding('endpoint-ports-differ', { ports }, `${pointer}/to`)] : []),
    ...(keys.length > 1 ? [finding('endpoint-key-differs', {}, `${pointer}/to`)] : []),
  ]
}

/** The models that can stand behind an endpoint. */
export const membersOf = (results: ReadonlyMap<string, ModelResult>): Map<string, EndpointMember> =>
  new Map(
    [...results].flatMap(([name, { model, server }]) =>
      model === undefined || server === undefined ? [] : [[name, { model, server }]],
    ),
  )
