import { type Finding, finding, type Location } from '../../findings/finding.ts'
import type { EnvVar } from '../../kubernetes/types.ts'
import type { ModelFacts } from '../../workloads/workload.ts'

/** What KServe's templates may say; anything else in `{{ }}` breaks the pod. Source: facts/kserve.md, from InferenceService to pods. */
const knownTemplate = /\{\{-?\s*\.(?:Name|Namespace|Labels\.[\w]+|Annotations\.[\w]+)\s*-?\}\}/g

type PlaceOf = (index: number, ...field: readonly string[]) => Location | string

/** Looks for templates in arguments and environment of the final object that KServe would fail on. */
export const checkTemplates = (
  { args, env }: ModelFacts['own'],
  argumentPlace: PlaceOf,
  variablePlace: PlaceOf,
): Finding[] => [
  ...args.flatMap((value, index) =>
    isBroken(value) ? [finding('template-in-value', { value, field: 'args' }, argumentPlace(index))] : [],
  ),
  ...env.flatMap(({ value }, index) =>
    value !== undefined && isBroken(value)
      ? [finding('template-in-value', { value, field: 'env' }, variablePlace(index, 'value'))]
      : [],
  ),
]

const isBroken = (value: string): boolean => value.replaceAll(knownTemplate, '').includes('{{')

/**
 * Looks for environment variables of the final object that are set twice, or to nothing.
 *
 * @param key - the variable of the API key, which edge sets
 */
export const checkEnv = ({ env }: ModelFacts['own'], key: EnvVar | undefined, placeOf: PlaceOf): Finding[] => {
  const keyAt = key === undefined ? -1 : env.findLastIndex(({ name }) => name === key.name)
  const seen = new Set<string>(key === undefined ? [] : [key.name])
  return env.flatMap(({ name, value, valueFrom }, index) => {
    if (index === keyAt) return []
    const findings: Finding[] = []
    if ((value === undefined) === (valueFrom === undefined))
      findings.push(finding('env-two-values', { name }, placeOf(index)))
    if (seen.has(name)) findings.push(finding('duplicate-env', { name }, placeOf(index, 'name')))
    seen.add(name)
    return findings
  })
}
