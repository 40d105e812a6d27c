import { isMap } from './maps.ts'
import { isSame } from './same.ts'

/**
 * Applies a JSON merge patch (RFC 7396): maps key by key, null takes a key away, all else is taken as a whole. So does
 * kustomize merge ConfigMaps, and kinds whose schema it does not know.
 *
 * @param target - the value; it stays as it is
 * @param patch - what changes
 */
export const applyMergePatch = (target: unknown, patch: unknown): unknown => {
  if (!isMap(patch)) return patch
  const result = new Map(Object.entries(isMap(target) ? target : {}))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, applyMergePatch(result.get(key), value))
  }
  return Object.fromEntries(result)
}

/**
 * The JSON merge patch that makes one value of another: maps key by key, null for a key that goes, all else as a whole.
 *
 * @returns the patch; undefined when nothing differs
 */
export const makeMergePatch = (before: unknown, after: unknown): unknown => {
  if (before === after) return undefined
  if (!isMap(before) || !isMap(after)) return isSame(before, after) ? undefined : after
  const patch: [string, unknown][] = []
  for (const [key, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, key) ? makeMergePatch(before[key], value) : value
    if (change !== undefined) patch.push([key, change])
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch.push([key, null])
  // Not key by key: `__proto__` is a key as others are.
  return patch.length === 0 ? undefined : Object.fromEntries(patch)
}
