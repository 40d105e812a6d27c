import { isMap, type JsonMap } from '../basics/maps.ts'
import shape from './jq/shape.json' with { type: 'json' }

/** The words of JSON Schema that jq/shape.json uses. */
interface Shape {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  /** 1: not empty. */
  readonly minLength?: number
  readonly not?: { readonly pattern: string }
  readonly items?: Shape
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Shape>>
  readonly additionalProperties?: Shape
  readonly propertyNames?: Shape
  readonly anyOf?: readonly Shape[]
}

const { document, model }: { readonly document: Shape; readonly model: Shape } = shape

/**
 * Whether what probes.json holds is of its shape: it may come from strangers. The same in jq: jq/shape.jq.
 *
 * @returns what is wrong, in words; undefined when nothing is
 */
export const documentProblem = (value: unknown): string | undefined =>
  inWords(
    isMap(value) && value['kind'] === 'Probes' ? problems(document, value, '') : [' is no document of the kind Probes'],
  )

/** The same of the models of a site, after what the site changes. */
export const modelsProblem = (models: readonly unknown[]): string | undefined => inWords(models.flatMap(modelProblems))

const modelProblems = (value: unknown): string[] => {
  const { name, probes } = isMap(value) ? value : ({} as JsonMap)
  const at = typeof name === 'string' ? name : ''
  const probe = model.properties?.['probes']?.items ?? {}
  return [
    ...problems(model, value, at),
    ...(Array.isArray(probes) ? (probes as readonly unknown[]) : []).flatMap((one, index) =>
      isMap(one) && isMap(one['fallback'])
        ? problems(probe, { ...one, ...one['fallback'] }, `${at}/probes/${index}/fallback`)
        : [],
    ),
  ]
}

const problems = (is: Shape, value: unknown, at: string): string[] => {
  const types = [is.type ?? []].flat()
  if (types.length > 0 && !types.some((type) => isA(type, value))) return [`${at} is no ${types.join(' or ')}`]
  return [
    ...(is.enum !== undefined && !is.enum.includes(value) ? [`${at} is none of ${is.enum.join(', ')}`] : []),
    ...(typeof value === 'number' ? numberProblems(is, value, at) : []),
    ...(typeof value === 'string' ? textProblems(is, value, at) : []),
    ...(Array.isArray(value) && is.items !== undefined
      ? value.flatMap((item, index) => problems(is.items ?? {}, item, `${at}/${index}`))
      : []),
    ...(isMap(value) ? mapProblems(is, value, at) : []),
    ...(is.anyOf?.every((form) => problems(form, value, '').length > 0) === true
      ? [`${at} has no form that is known`]
      : []),
  ]
}

const isA = (type: string, value: unknown): boolean =>
  type === 'integer'
    ? Number.isInteger(value)
    : type === (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

const numberProblems = ({ minimum = -Infinity, maximum = Infinity }: Shape, value: number, at: string): string[] => [
  ...(value < minimum ? [`${at} is less than ${minimum}`] : []),
  ...(value > maximum ? [`${at} is more than ${maximum}`] : []),
]

const textProblems = ({ minLength, not }: Shape, value: string, at: string): string[] => [
  ...(minLength !== undefined && value === '' ? [`${at} is empty`] : []),
  ...(not !== undefined && new RegExp(not.pattern, 'u').test(value)
    ? [`${at} has characters that do not belong there`]
    : []),
]

const mapProblems = (is: Shape, value: JsonMap, at: string): string[] => [
  ...(is.required ?? []).flatMap((key) => (Object.hasOwn(value, key) ? [] : [`${at} lacks ${key}`])),
  ...Object.entries(value).flatMap(([key, one]) => {
    const own = is.properties !== undefined && Object.hasOwn(is.properties, key) ? is.properties[key] : undefined
    const inner = own ?? is.additionalProperties
    return [
      ...(is.propertyNames === undefined ? [] : problems(is.propertyNames, key, `${at}/${key}`)),
      ...(inner === undefined ? [] : problems(inner, one, `${at}/${key}`)),
    ]
  }),
]

const inWords = (all: readonly string[]): string | undefined => {
  if (all.length === 0) return undefined
  const first = all.slice(0, 5).map((one) =>
    Array.from(one.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' '))
      .slice(0, 200)
      .join(''),
  )
  const more = all.length > 5 ? `; and ${all.length - 5} more` : ''
  return `probes.json is not what edge writes: ${first.join('; ')}${more}`
}
