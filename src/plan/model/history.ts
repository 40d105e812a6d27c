import { isSame } from '../../basics/same.ts'
import type { Origin } from '../decision.ts'

/** Which operation of a patch made what an object says. */
export interface History<T> {
  /**
   * Where a value of the final object comes from: the last operation that changed it, or who decided it.
   *
   * @param read - reads the value; what it reads of an object in between may be missing or of another shape
   * @param decided - where it comes from without the patch
   */
  readonly originOf: (read: (object: T) => unknown, decided: Origin) => Origin
}

/**
 * The history of an object.
 *
 * @param versions - the object as it was built, and after each operation
 * @param pointer - where the patch is in the spec
 */
export const historyOf = <T>(versions: readonly T[], pointer: string): History<T> => ({
  originOf: (read, decided) => {
    if (versions.length < 2) return decided
    const values = versions.map((version) => attempt(() => read(version)))
    const last = values.findLastIndex((value, index) => index > 0 && !isSame(value, values[index - 1]))
    return last === -1 ? decided : { from: 'patch', pointer: `${pointer}/${last - 1}` }
  },
})

const attempt = (read: () => unknown): unknown => {
  try {
    return read()
  } catch {
    return undefined
  }
}
