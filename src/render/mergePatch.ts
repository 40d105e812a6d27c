/** A value as JSON has it. */
type Json = unknown

const isMap = (value: Json): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The JSON merge patch (RFC 7396) that makes one value of another: maps key by key, null for a key that goes, all else as a
 * whole. So does kustomize merge kinds whose schema it does not know, as all that differ between sites are.
 *
 * @returns the patch; undefined when nothing differs
 */
export const mergePatch = (before: Json, after: Json): Json => {
  if (before === after) return undefined
  if (!isMap(before) || !isMap(after)) return isSame(before, after) ? undefined : after
  const patch: Record<string, Json> = {}
  for (const [key, value] of Object.entries(after)) {
    const change = Object.hasOwn(before, key) ? mergePatch(before[key], value) : value
    if (change !== undefined) patch[key] = change
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) patch[key] = null
  return Object.keys(patch).length === 0 ? undefined : patch
}

const isSame = (a: Json, b: Json): boolean => {
  if (a === b) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]))
  return isMap(a) && isMap(b) && mergePatch(a, b) === undefined
}
