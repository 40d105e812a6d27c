const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Applies a JSON merge patch (RFC 7396): maps key by key, null takes a key away, all else is taken as a whole. So does
 * kustomize merge ConfigMaps.
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
