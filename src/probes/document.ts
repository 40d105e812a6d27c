import { InputError } from '../errors.ts'
import { applyMergePatch } from '../basics/mergePatch.ts'
import type { Json, Probe } from './probe.ts'
import { modelsProblem } from './shape.ts'
import type { Failure, Rule } from './rules.ts'
import type { sentences } from './sentences.ts'
import type { Sentence, When } from './when.ts'

/** `probes.json`: everything that the script and `edge verify` ask, and how they judge it. */
export interface ProbesDocument {
  readonly apiVersion: 'edge.microshift.dev/v1alpha1'
  readonly kind: 'Probes'
  readonly name: string
  readonly namespace: string
  readonly baseDomain: string
  /** The one site that the bundle is for. */
  readonly site?: string
  readonly models: readonly ProbedModel[]
  /** What sites change: a JSON merge patch for each model that differs, null for one that the site has not. */
  readonly sites: Readonly<
    Record<string, { readonly baseDomain?: string; readonly models?: Readonly<Record<string, Json>> }>
  >
  readonly rules: readonly Rule[]
  readonly curlFailures: Readonly<Record<string, Failure>>
  readonly causes: Readonly<Record<string, { readonly means: string; readonly try: string }>>
  readonly skips: readonly Sentence[]
  readonly stops: readonly When[]
  readonly answered: readonly Sentence[]
  readonly came: readonly (Sentence & { readonly cause?: string })[]
  readonly sentences: Readonly<Record<keyof typeof sentences, string>>
  readonly largestAnswer: number
}

export interface ProbedModel {
  readonly name: string
  readonly server: string
  /** How the pod itself is spoken to, and where. */
  readonly scheme: 'http' | 'https'
  readonly port: number
  readonly replicas: number
  readonly apiKey?: true
  /** `label`: the first part of a host that follows the base domain. */
  readonly route?: {
    readonly scheme: 'http' | 'https'
    readonly host?: string
    readonly label?: string
    readonly path?: string
  }
  /** The Route has an allow-list. */
  readonly limited?: true
  readonly probes: readonly Probe[]
}

/** A model with the host that its Route has at a site. */
export interface HostedModel extends ProbedModel {
  readonly host?: string
}

/**
 * The models of a site, with their hosts.
 *
 * @param document - probes.json
 * @param site - a name of `document.sites`; the base when left out
 * @throws InputError where one is not of its shape: a bundle may come from strangers
 */
export const modelsOf = (document: ProbesDocument, site?: string): HostedModel[] => {
  const { baseDomain = document.baseDomain, models: changes = {} } =
    (site === undefined ? undefined : document.sites[site]) ?? {}
  const known = new Set(document.models.map(({ name }) => name))
  const models = [
    ...document.models.flatMap((model) =>
      !Object.hasOwn(changes, model.name)
        ? [model]
        : changes[model.name] === null
          ? []
          : [applyMergePatch(model, changes[model.name]) as ProbedModel],
    ),
    ...Object.entries(changes).flatMap(([name, model]) =>
      known.has(name) || model === null ? [] : [model as ProbedModel],
    ),
  ]
  const hosted = models.map((model) =>
    model.route === undefined
      ? model
      : { ...model, host: model.route.host ?? `${model.route.label ?? ''}.apps.${baseDomain}` },
  )
  const problem = modelsProblem(hosted)
  if (problem !== undefined) throw new InputError(problem)
  return hosted
}
