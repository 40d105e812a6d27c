import { pointerStep } from '../yaml/locate.ts'
import type { Given } from './plan.ts'

/**
 * The fields that a part of the spec gives, with their places. Null asks for the default.
 *
 * @param part - a map of the spec
 * @param pointer - where it is
 */
export const givenFields = (part: object, pointer: string): Given =>
  Object.fromEntries(
    Object.entries(part)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([field]) => [field, pointer + pointerStep(field)]),
  )
