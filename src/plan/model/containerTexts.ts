import { type Finding, finding } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'

/** What KServe's templates may say; anything else in `{{ }}` breaks the pod. Source: facts/kserve.md. */
const knownTemplate = /\{\{-?\s*\.(?:Name|Namespace|Labels\.[\w]+|Annotations\.[\w]+)\s*-?\}\}/g

/** Looks for templates in arguments and environment that KServe would fail on. */
export const checkTemplates = (model: ModelSpec, pointer: string): Finding[] => {
  const values = [
    ...(model.args ?? []).map((value, index) => ({ value, field: 'args', at: `${pointer}/args/${index}` })),
    ...(model.env ?? []).map(({ value = '' }, index) => ({ value, field: 'env', at: `${pointer}/env/${index}/value` })),
  ]
  return values
    .filter(({ value }) => value.replaceAll(knownTemplate, '').includes('{{'))
    .map(({ value, field, at }) => finding('template-in-value', { value, field }, at))
}

/** Looks for environment variables that are set twice (that of the API key is set by auth), or to nothing. */
export const checkEnv = (
  { env = [], auth }: ModelSpec,
  keyVariable: string | undefined,
  pointer: string,
): Finding[] => {
  const seen = new Set<string>(auth === undefined || keyVariable === undefined ? [] : [keyVariable])
  return env.flatMap(({ name, value, valueFrom }, index) => {
    const at = `${pointer}/env/${index}`
    const findings: Finding[] = []
    if ((value === undefined) === (valueFrom === undefined)) findings.push(finding('env-two-values', { name }, at))
    if (seen.has(name)) findings.push(finding('duplicate-env', { name }, `${at}/name`))
    seen.add(name)
    return findings
  })
}
