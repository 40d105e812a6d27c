import { Ajv, type AnySchemaObject, type ErrorObject } from 'ajv'

const inRange = (bits: number) => (value: number) =>
  Number.isInteger(value) && value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1)

/** Formats of the Kubernetes API; ajv's strict mode refuses a schema that names another. */
const formats = {
  int32: { type: 'number', validate: inRange(32) },
  int64: { type: 'number', validate: inRange(64) },
  float: { type: 'number', validate: Number.isFinite },
  double: { type: 'number', validate: Number.isFinite },
  byte: /^(?:[\w+/-]{4})*(?:[\w+/-]{2}==|[\w+/-]{3}=)?$/,
  'date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/,
} as const

/**
 * Compiles a JSON schema.
 *
 * @returns what stands against an object, as `path: message`; the path is a JSON pointer
 * @throws on a keyword or format that ajv does not know
 */
export const schemaErrors = (schema: AnySchemaObject): ((object: unknown) => string[]) => {
  // Without inlineRefs: false, ajv writes out again what `$defs` holds once.
  const ajv = new Ajv({
    allErrors: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    validateFormats: true,
    inlineRefs: false,
    formats,
  })
  const validate = ajv.compile(schema)
  return (object) =>
    validate(object) ? [] : (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(words)
}

const words = ({ instancePath, keyword, params, message = keyword }: ErrorObject): string => {
  const { additionalProperty, allowedValues } = params as {
    additionalProperty?: string
    allowedValues?: readonly unknown[]
  }
  if (additionalProperty !== undefined)
    return `${instancePath}/${additionalProperty.replaceAll('~', '~0').replaceAll('/', '~1')}: unknown field`
  if (keyword === 'false schema') return `${instancePath}: must not stand here`
  return `${instancePath}: ${message}${allowedValues === undefined ? '' : ` ${allowedValues.join(', ')}`}`
}
