/** A map as JSON and YAML have it. */
export type JsonMap = Readonly<Record<string, unknown>>

/** Whether a value is a map: neither null nor a list. */
export const isMap = (value: unknown): value is JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A value that should be a map; an empty one where it is none. */
export const mapOf = (value: unknown): JsonMap => (isMap(value) ? value : {})
