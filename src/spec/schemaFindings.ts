import type { ErrorObject } from 'ajv'
import validate from 'virtual:spec-validator'
import { type Finding, finding } from '../findings/finding.ts'
import { pointerStep } from '../yaml/locate.ts'

/** A finding of the schema, and what must be left out for the rest to be usable. */
export interface SchemaFinding {
  readonly finding: Finding
  /** JSON pointer of the part that is refused. */
  readonly refuse: string
}

/**
 * Holds a value against the schema of the spec file.
 *
 * @param root - the parsed file
 * @returns nothing when it is valid
 */
export const schemaFindings = (root: unknown): SchemaFinding[] => {
  if (validate(root)) return []
  const found = (validate.errors ?? []).flatMap((error) => translate(error) ?? [])
  // A name that is too long and has capitals is refused twice, in the same words.
  const once = new Map(found.map((one) => [`${one.finding.code} ${one.refuse} ${JSON.stringify(one.finding.args)}`, one]))
  return [...once.values()]
}

/** What the build compiles in beside each error (ajv's `verbose`). */
interface ParentSchema {
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, unknown>>
}

const translate = (error: ErrorObject): SchemaFinding | undefined => {
  const at = error.instancePath
  const parent = (error.parentSchema ?? {}) as ParentSchema
  const expected = parent.title ?? 'what is expected here'
  const value = shorten(error.data)
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = (error.params as { additionalProperty: string }).additionalProperty
      const pointer = at + pointerStep(field)
      return { finding: finding('unknown-field', { field, parent: nameOf(at), known: Object.keys(parent.properties ?? {}) }, { pointer, on: 'key' }), refuse: pointer }
    }
    case 'required':
      return { finding: finding('missing-field', { field: (error.params as { missingProperty: string }).missingProperty, parent: nameOf(at) }, { pointer: at, on: 'key' }), refuse: at }
    case 'type':
      return { finding: finding('wrong-type', { value, expected, allowed: [parent.type ?? []].flat() }, at), refuse: at }
    case 'enum':
      return { finding: finding('bad-value', { value, expected: parent.title ?? `one of ${known(error).join(', ')}`, known: known(error) }, at), refuse: at }
    case 'if':
      return undefined // its `then` says what is wrong
    default:
      return { finding: finding('bad-value', { value, expected, known: [] }, at), refuse: at }
  }
}

const known = (error: ErrorObject): string[] => ((error.params as { allowedValues?: unknown[] }).allowedValues ?? []).map(String)

/** A list or map in a message is its kind, never its content. */
const shorten = (value: unknown): unknown => (Array.isArray(value) ? [] : typeof value === 'object' && value !== null ? {} : value)

/** `/spec/models/0/expose` is `spec.models[0].expose` in a sentence. */
const nameOf = (pointer: string): string =>
  pointer === '' ? 'the spec file' : pointer.slice(1).replaceAll(/\/(\d+)(?=\/|$)/g, '[$1]').replaceAll('/', '.')
