import type { ErrorObject } from 'ajv'
import schema from 'virtual:spec-schema'
import validate from 'virtual:spec-validator'
import { type Finding, finding } from '../findings/finding.ts'
import { pointerKeys, pointerStep, pointerWords } from '../yaml/locate.ts'

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
  const found = (validate.errors ?? []).flatMap((error) => translate(error, root) ?? [])
  // A name that is too long and has capitals is refused twice, in the same words.
  const once = new Map(
    found.map((one) => [`${one.finding.code} ${one.refuse} ${JSON.stringify(one.finding.args)}`, one]),
  )
  return [...once.values()]
}

/** The part of the schema that a value was held against. */
interface PartOfSchema {
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly $ref?: string
  readonly definitions?: Readonly<Record<string, PartOfSchema>>
  readonly properties?: Readonly<Record<string, PartOfSchema>>
  readonly items?: PartOfSchema
  readonly additionalProperties?: boolean | PartOfSchema
}

const translate = (error: ErrorObject, root: unknown): SchemaFinding | undefined => {
  const at = error.instancePath
  const parent = partFor(at)
  const expected = parent.title ?? 'what is expected here'
  const value = shorten(follow(root, at))
  switch (error.keyword) {
    case 'additionalProperties': {
      const field = (error.params as { additionalProperty: string }).additionalProperty
      const pointer = at + pointerStep(field)
      return {
        finding: finding(
          'unknown-field',
          { field, parent: pointerWords(at), known: Object.keys(parent.properties ?? {}) },
          { pointer, on: 'key' },
        ),
        refuse: pointer,
      }
    }
    case 'required':
      return {
        finding: finding(
          'missing-field',
          {
            field: (error.params as { missingProperty: string }).missingProperty,
            parent: pointerWords(at),
          },
          { pointer: at, on: 'key' },
        ),
        refuse: at,
      }
    case 'type':
      return {
        finding: finding('wrong-type', { value, expected, allowed: [parent.type ?? []].flat() }, at),
        refuse: at,
      }
    case 'enum':
      return {
        finding: finding(
          'bad-value',
          { value, expected: parent.title === undefined ? 'one-of' : { title: parent.title }, known: known(error) },
          at,
        ),
        refuse: at,
      }
    case 'if':
      return undefined // its `then` says what is wrong
    default:
      return { finding: finding('bad-value', { value, expected: { title: expected }, known: [] }, at), refuse: at }
  }
}

/** The part of the schema for a place in the file: there is exactly one, since the schema has no alternatives. */
const partFor = (pointer: string): PartOfSchema =>
  pointerKeys(pointer).reduce<PartOfSchema>(
    (part, key) =>
      resolve(
        part.properties?.[key] ??
          part.items ??
          (typeof part.additionalProperties === 'object' ? part.additionalProperties : {}),
      ),
    schema(),
  )

const resolve = (part: PartOfSchema): PartOfSchema => {
  const name = part.$ref?.replace('#/definitions/', '')
  return name === undefined ? part : (((schema() as PartOfSchema).definitions ?? {})[name] ?? {})
}

/** The value that a JSON pointer leads to. */
const follow = (root: unknown, pointer: string): unknown =>
  pointerKeys(pointer).reduce((value, key) => (value as Record<string, unknown>)[key], root)

const known = (error: ErrorObject): string[] =>
  ((error.params as { allowedValues?: unknown[] }).allowedValues ?? []).map(String)

/** A list or map in a message is its kind, never its content. */
const shorten = (value: unknown): unknown =>
  Array.isArray(value) ? [] : typeof value === 'object' && value !== null ? {} : value
