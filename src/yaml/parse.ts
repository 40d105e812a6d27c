import { constructFromEvents, CORE_SCHEMA, parseEvents, YAMLException } from 'js-yaml'

/** How many values a file may hold once its aliases are followed: a large fleet has a million, a YAML bomb 10^9. */
const mostValues = 5_000_000

export interface YamlProblem {
  /** What is wrong, in js-yaml's words or ours. */
  readonly reason: string
  /** Offset in the text, where known. */
  readonly offset: number
}

export type YamlResult =
  { readonly ok: true; readonly documents: readonly unknown[] } | { readonly ok: false; readonly problem: YamlProblem }

/**
 * Parses YAML (or JSON) that nobody has looked at yet. Refuses what would cost more than its size says: aliases that
 * multiply or that contain themselves.
 *
 * @param text - the file's text
 * @returns its documents, or the first problem
 */
export const parseYaml = (text: string): YamlResult => {
  try {
    const events = parseEvents(text, { maxDepth: 100 })
    const documents = constructFromEvents(events, { source: text, schema: CORE_SCHEMA })
    if (!text.includes('*')) return { ok: true, documents }
    const weight = expandedSize(documents)
    if (weight <= mostValues) return { ok: true, documents }
    return {
      ok: false,
      problem: {
        reason: Number.isFinite(weight)
          ? 'its aliases multiply to more values than any spec needs'
          : 'an alias contains itself',
        offset: text.indexOf('*'),
      },
    }
  } catch (error) {
    if (error instanceof YAMLException)
      return { ok: false, problem: { reason: error.reason, offset: error.mark?.position ?? 0 } }
    if (error instanceof RangeError) return { ok: false, problem: { reason: 'it is nested too deeply', offset: 0 } }
    throw error
  }
}

/** Counts the values as if each alias were written out; each shared object is walked once. Infinity for a cycle. */
const expandedSize = (root: unknown): number => {
  const sizes = new Map<object, number>()
  const measure = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 1
    const known = sizes.get(value)
    if (known !== undefined) return known
    sizes.set(value, Infinity)
    let size = 1
    for (const child of Object.values(value)) size += measure(child)
    sizes.set(value, size)
    return size
  }
  return measure(root)
}
