import { type Finding, finding } from '../../findings/finding.ts'
import { shareParts } from '../../basics/share.ts'
import type { SiteSpec } from '../../spec/schema.ts'
import type { Spec } from '../../spec/spec.ts'
import { pointerStep } from '../../yaml/locate.ts'
import { type EndpointMember, membersOf, planEndpoints } from '../endpoints.ts'
import type { ModelContext } from '../model/context.ts'
import { type ModelResult, planModel } from '../model/planModel.ts'
import { modelOfSite, type PlacedModel, placedModel } from '../model/placedModel.ts'
import { given } from '../decision.ts'
import type { PlannedSite } from '../plan.ts'
import { siteProbes } from '../probes/siteProbes.ts'

/** As the schema has it for `models[].name`; here names are keys. */
const namePattern = /^[a-z]([-a-z0-9]*[a-z0-9])?$/
const longestName = 48

/** A site with what its planning brought. */
export interface SiteResult {
  readonly site: PlannedSite
  /** Names of the ServingRuntimes that its own models use. */
  readonly runtimes: readonly string[]
  /** Placeholders and references that spec.images could have replaced. */
  readonly asked: readonly string[]
  readonly findings: readonly Finding[]
}

/** A site without its endpoints yet, and its own models as endpoints see them. */
interface PlannedModels extends Omit<SiteResult, 'site'> {
  readonly site: Omit<PlannedSite, 'endpoints'>
  readonly members: ReadonlyMap<string, EndpointMember>
}

/**
 * Plans what the sites change; a model that a site does not name costs it nothing.
 *
 * @param spec - the spec
 * @param base - what the models are without any site, by name: what was found of them is not said again
 * @param context - what models are planned within
 */
export function* planSites(
  spec: Spec,
  base: ReadonlyMap<string, ModelResult>,
  context: ModelContext,
): Iterable<SiteResult> {
  const names = new Map<string, string>()
  const specs = new Map(spec.models.map(({ value, pointer }) => [value.name, placedModel(value, pointer)]))
  const known = new Map([...base].map(([name, { findings }]) => [name, new Set(findings.map(wordsOf))]))
  for (const { value: site, pointer } of spec.sites) {
    const first = names.get(site.name)
    names.set(site.name, first ?? pointer)
    const baseDomain =
      site.baseDomain === undefined
        ? {}
        : { baseDomain: given(site.baseDomain, { from: 'site', site: site.name, pointer: `${pointer}/baseDomain` }) }
    const ofSite = { ...context, ...baseDomain }
    const planned = planSite(site, pointer, specs, base, known, ofSite)
    const result = withEndpoints(planned, spec.endpoints, base, ofSite, `${pointer}/models`)
    yield first === undefined
      ? result
      : { ...result, findings: [...result.findings, finding('duplicate-site', { name: site.name }, `${pointer}/name`)] }
  }
}

const wordsOf = ({ code, args }: Finding): string => `${code} ${JSON.stringify(args)}`

/** The endpoints in front of models that a site changes or leaves out: what they must agree in, they must agree in there too. */
const withEndpoints = (
  planned: PlannedModels,
  endpoints: Spec['endpoints'],
  base: ReadonlyMap<string, ModelResult>,
  context: ModelContext,
  pointer: string,
): SiteResult => {
  const { site, members } = planned
  const gone = new Set(site.dropped)
  const concerned = endpoints
    .filter(({ value }) => Object.keys(value.to).some((name) => members.has(name) || gone.has(name)))
    .map((endpoint) => ({
      ...endpoint,
      value: {
        ...endpoint.value,
        to: Object.fromEntries(Object.entries(endpoint.value.to).filter(([name]) => !gone.has(name))),
      },
    }))
    .filter(({ value }) => Object.keys(value.to).length > 0)
  if (concerned.length === 0) return { ...planned, site: { ...site, endpoints: [] } }
  const all = new Map([...membersOf(base), ...members])
  const result = planEndpoints(concerned, all, [...all.keys()], context)
  return {
    ...planned,
    site: { ...site, endpoints: result.endpoints },
    findings: [
      ...planned.findings,
      ...result.findings.map((found) => ({ ...found, at: { pointer, on: 'key' as const } })),
    ],
  }
}

const planSite = (
  site: SiteSpec,
  pointer: string,
  specs: ReadonlyMap<string, PlacedModel>,
  plain: ReadonlyMap<string, ModelResult>,
  known: ReadonlyMap<string, ReadonlySet<string>>,
  context: ModelContext,
): PlannedModels => {
  const findings: Finding[] = []
  const members = new Map<string, EndpointMember>()
  const models: PlannedSite['models'][number][] = []
  const dropped: string[] = []
  const runtimes: string[] = []
  const asked: string[] = []
  for (const [name, delta] of Object.entries(site.models ?? {})) {
    const at = `${pointer}/models${pointerStep(name)}`
    const base = specs.get(name)
    if (delta === null) {
      if (base === undefined)
        findings.push(finding('site-unknown-model', { name, known: [...specs.keys()] }, { pointer: at, on: 'key' }))
      else dropped.push(name)
      continue
    }
    const merged = modelOfSite(name, base, delta, at, site.name)
    if (merged === undefined) {
      findings.push(finding('site-unknown-model', { name, known: [...specs.keys()] }, { pointer: at, on: 'key' }))
      continue
    }
    if (base === undefined && (name.length > longestName || !namePattern.test(name))) {
      findings.push(
        finding(
          'bad-value',
          {
            value: name,
            expected: { longestName },
            known: [],
          },
          { pointer: at, on: 'key' },
        ),
      )
      continue
    }
    const result = planModel(merged, context)
    asked.push(...result.asked)
    findings.push(...result.findings.filter((found) => known.get(name)?.has(wordsOf(found)) !== true))
    const model =
      result.model === undefined
        ? undefined
        : shareParts(plain.get(name)?.model, {
            ...result.model,
            probes: siteProbes(result.model, plain.get(name)?.model, site.name),
          })
    if (model !== undefined) models.push(model)
    if (model !== undefined && result.server !== undefined) members.set(name, { model, server: result.server })
    if (result.runtime !== undefined) runtimes.push(result.runtime)
  }
  return {
    site: {
      name: site.name,
      ...(site.baseDomain === undefined ? {} : { baseDomain: context.baseDomain }),
      models,
      dropped,
    },
    runtimes,
    asked,
    members,
    findings,
  }
}
