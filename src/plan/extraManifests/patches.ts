import { isMap, mapOf } from '../../basics/maps.ts'
import { pointerKeys } from '../../yaml/locate.ts'

/** Deeper than any object is; parseYaml allows no more either. */
const deepest = 100

type Fields = Readonly<Record<string, unknown>>

/**
 * What a patch brings, as parts of objects: a strategic patch is one; of a JSON patch each value is, at the end of its path.
 *
 * @param document - of the patch
 * @param target - the kind that a JSON patch is for, where that is known
 */
export const partsOf = (document: unknown, target: Fields): Fields[] => {
  if (isMap(document)) return [{ ...target, ...document }]
  if (!Array.isArray(document)) return []
  return document
    .filter(isMap)
    .filter(({ op }) => op === 'add' || op === 'replace')
    .map(({ path, value }) => ({ steps: typeof path === 'string' ? pointerKeys(path) : [], value }))
    .filter(({ steps }) => steps.length <= deepest)
    .map(({ steps, value }) => ({ ...target, ...mapOf(atPath(steps, value)) }))
}

const atPath = (steps: readonly string[], value: unknown): unknown =>
  steps.reduceRight<unknown>(
    (inner, step) => (/^(?:\d+|-)$/.test(step) ? [inner] : Object.fromEntries([[step, inner]])),
    value,
  )
