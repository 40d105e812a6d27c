import { isMap } from '../basics/maps.ts'

/** Tells whether a value that nobody has looked at yet has a shape. */
export type Shape = (value: unknown) => boolean

export const isText = (value: unknown): value is string => typeof value === 'string'

/** A number of bytes, a port, a line: none of them is negative or broken. */
export const isSize: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0

export const listOf =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(item)

/**
 * A map with these fields. Others may stand beside them: a later edge adds some.
 *
 * @param needed - the fields that must be there
 * @param optional - those that may be
 */
export const fields =
  (needed: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (value) =>
    isMap(value) &&
    Object.entries(needed).every(([name, shape]) => Object.hasOwn(value, name) && shape(value[name])) &&
    Object.entries(optional).every(([name, shape]) => !Object.hasOwn(value, name) || shape(value[name]))
