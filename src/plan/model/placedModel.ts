import type { ModelSpec, SiteModelSpec } from '../../spec/schema.ts'
import { pointerStep } from '../../yaml/locate.ts'
import type { Origin } from '../decision.ts'

/** A model of the spec, whole, that knows where each part of it stands. */
export interface PlacedModel {
  readonly value: ModelSpec
  /** Where the model is in the spec, or at the site. */
  readonly pointer: string
  /** Where a part of it was said, by its steps from the model; undefined where nobody did. */
  readonly originOf: (
    ...steps: readonly (string | number)[]
  ) => Extract<Origin, { readonly pointer: string }> | undefined
}

/** A model as `spec.models` has it. */
export const placedModel = (value: ModelSpec, pointer: string): PlacedModel => ({
  value,
  pointer,
  originOf: placedAt(value, pointer),
})

/** Where the parts of a value of the spec stand. */
export const placedAt =
  (value: unknown, pointer: string): PlacedModel['originOf'] =>
  (...steps) =>
    isSaid(value, steps) ? { from: 'spec', pointer: pointer + pointerOfSteps(steps) } : undefined

/**
 * A model as a site has it: args are appended (argsReplace replaces them), env is merged by name, maps key by key, all else
 * replaced. A model that only the site has needs what every model needs.
 *
 * @param base - the model without the site; undefined when only the site has it
 * @param delta - what the site says
 * @param pointer - where it says so
 * @returns undefined when something is missing that every model needs
 */
export const modelOfSite = (
  name: string,
  base: PlacedModel | undefined,
  { argsReplace, ...delta }: SiteModelSpec,
  pointer: string,
  site: string,
): PlacedModel | undefined => {
  const value =
    base === undefined ? ownModel(name, argsReplace, delta) : mergeModel(name, base.value, argsReplace, delta)
  if (value === undefined) return undefined
  const at = (steps: readonly (string | number)[]) => ({
    from: 'site' as const,
    site,
    pointer: pointer + pointerOfSteps(steps),
  })
  const ofList = (kept: number, index: number, field: string) => (index < kept ? undefined : at([field, index - kept]))
  const keptArgs = argsReplace === undefined ? (base?.value.args?.length ?? 0) : 0
  const keptEnv = keptVariables(base?.value, delta)
  return {
    value,
    pointer,
    originOf: (...steps) => {
      const [field, index] = steps
      if (field === 'args' && argsReplace !== undefined) return at(['argsReplace', ...steps.slice(1)])
      if (typeof index === 'number' && field === 'args')
        return ofList(keptArgs, index, 'args') ?? base?.originOf('args', index)
      if (typeof index === 'number' && field === 'env') {
        const kept = keptEnv[index]
        const own = kept === undefined ? at(['env', index - keptEnv.length, ...steps.slice(2)]) : undefined
        return own ?? base?.originOf('env', kept ?? index, ...steps.slice(2))
      }
      return isSaid(delta, steps) ? at(steps) : base?.originOf(...steps)
    },
  }
}

const ownModel = (
  name: string,
  argsReplace: readonly string[] | undefined,
  delta: Omit<SiteModelSpec, 'argsReplace'>,
): ModelSpec | undefined => {
  const { source, format } = delta
  return source === undefined || format === undefined
    ? undefined
    : { ...delta, name, source, format, ...(argsReplace === undefined ? {} : { args: [...argsReplace] }) }
}

const mergeModel = (
  name: string,
  base: ModelSpec,
  argsReplace: readonly string[] | undefined,
  delta: Omit<SiteModelSpec, 'argsReplace'>,
): ModelSpec => {
  const own = new Set(delta.env?.map((variable) => variable.name))
  return {
    ...base,
    ...delta,
    name,
    args: argsReplace === undefined ? [...(base.args ?? []), ...(delta.args ?? [])] : [...argsReplace],
    env: [...(base.env ?? []).filter((variable) => !own.has(variable.name)), ...(delta.env ?? [])],
    resources: {
      requests: { ...base.resources?.requests, ...delta.resources?.requests },
      limits: { ...base.resources?.limits, ...delta.resources?.limits },
    },
    ...(delta.labels === undefined ? {} : { labels: { ...base.labels, ...delta.labels } }),
    ...(delta.annotations === undefined ? {} : { annotations: { ...base.annotations, ...delta.annotations } }),
  }
}

/** The indices of the base's variables that a site keeps. */
const keptVariables = (base: ModelSpec | undefined, delta: Omit<SiteModelSpec, 'argsReplace'>): number[] => {
  const own = new Set(delta.env?.map((variable) => variable.name))
  return (base?.env ?? []).flatMap(({ name }, index) => (own.has(name) ? [] : [index]))
}

/** Whether a value has something at the end of the steps. Null asks for the default. */
const isSaid = (value: unknown, [step, ...rest]: readonly (string | number)[]): boolean => {
  if (value === null || value === undefined) return false
  if (step === undefined) return true
  return (
    typeof value === 'object' && Object.hasOwn(value, step) && isSaid((value as Record<string, unknown>)[step], rest)
  )
}

const pointerOfSteps = (steps: readonly (string | number)[]): string => steps.map(pointerStep).join('')
