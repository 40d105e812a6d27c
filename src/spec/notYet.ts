import { type Finding, finding } from '../findings/finding.ts'
import { pointerStep } from '../yaml/locate.ts'

/**
 * The fields of the contract that this version does not act on. `*` stands for each item of a list or map. Whoever
 * builds one removes its line.
 */
const fieldsNotYet: readonly string[] = ['spec.device', 'spec.fleet']

/**
 * Finds fields that are known and not built yet. Null, an empty list and an empty map ask for nothing and are fine.
 *
 * @param root - a spec file that the schema accepts
 */
export const findNotYet = (root: unknown): Finding[] =>
  fieldsNotYet.flatMap((field) => search(root, field.split('.'), '', field))

const search = (value: unknown, path: readonly string[], pointer: string, field: string): Finding[] => {
  const [step, ...rest] = path
  if (step === undefined)
    return asksForSomething(value)
      ? [finding('not-supported-yet', { field: field.replaceAll('.*', '[]') }, { pointer, on: 'key' })]
      : []
  if (typeof value !== 'object' || value === null) return []
  const children = step === '*' ? Object.entries(value) : Object.entries(value).filter(([key]) => key === step)
  return children.flatMap(([key, child]) => search(child, rest, pointer + pointerStep(key), field))
}

const asksForSomething = (value: unknown): boolean =>
  value !== null && !(typeof value === 'object' && Object.keys(value).length === 0)
