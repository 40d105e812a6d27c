import type { Check, Json, PathStep } from '../probes/probe.ts'

/**
 * Makes an answer that holds what checks expect: the smallest JSON in which each of them is true, or a text.
 *
 * @param checks - what a probe expects of an answer
 */
export const answerFor = (
  checks: readonly Check[],
): { readonly type: 'application/json' | 'text/plain'; readonly body: string } => {
  let json: Json
  const texts: string[] = []
  for (const check of checks) {
    if (check.is === 'counter') continue
    if (check.is === 'containing' && check.at === undefined) texts.push(check.value)
    else if (check.at !== undefined) json = put(json, check.at, valueFor(check))
  }
  if (json === undefined) return { type: 'text/plain', body: texts.join('\n') }
  if (texts.length > 0 && typeof json === 'object' && json !== null && !Array.isArray(json))
    json = { ...json, text: texts.join('\n') }
  return { type: 'application/json', body: JSON.stringify(json) }
}

const valueFor = (check: Exclude<Check, { readonly is: 'counter' }>): ((there: Json) => Json) => {
  switch (check.is) {
    case 'equal':
      return () => check.value
    case 'near':
      return () => check.value
    case 'argmax':
      return () =>
        Array.from({ length: Math.max(1000, check.value + 1) }, (_, index) => (index === check.value ? 9.5 : 0.25))
    case 'at-least':
      return (there) => (typeof there === 'number' ? Math.max(there, check.value) : check.value)
    case 'type':
      return (there) => there ?? { array: [], object: {}, string: '', number: 0 }[check.value]
    case 'containing':
      return (there) => (typeof there === 'string' ? `${there} ${check.value}`.trim() : check.value)
    case 'channels-last':
      return () => [1, 224, 224, 3]
  }
}

/** Puts a value where a path leads, making the lists and maps on its way. */
const put = (value: Json, path: readonly PathStep[], change: (there: Json) => Json): Json => {
  const [step, ...rest] = path
  if (step === undefined) return change(value)
  if (typeof step === 'object') {
    const list: Json[] = Array.isArray(value) ? [...(value as Json[])] : []
    const found =
      step.name === undefined
        ? 0
        : list.findIndex(
            (item) => (item as { name?: string }).name === step.name || !Object.hasOwn(item as object, 'name'),
          )
    const index = found === -1 ? list.length : found
    list[index] = put(
      step.name === undefined ? list[index] : { ...(list[index] as object | undefined), name: step.name },
      rest,
      change,
    )
    return list
  }
  if (Array.isArray(value) || (value === undefined && /^[0-9]{1,4}$/.test(step))) {
    const list: Json[] = [...((value as Json[] | undefined) ?? [])]
    list[Number(step)] = put(list[Number(step)], rest, change)
    return list
  }
  const map = (value ?? {}) as Record<string, Json>
  return { ...map, [step]: put(map[step], rest, change) }
}
