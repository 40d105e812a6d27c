/**
 * A value that holds the parts of another one wherever the two are equal, down to the last: many that hardly differ take the
 * memory of what differs. Keys in another order are another value: what is written down keeps its order.
 *
 * @param base - what is there anyway
 * @param own - made of plain maps and lists; anything else is shared when it is the same
 */
export const shareParts = <T>(base: unknown, own: T): T => share(base, own) as T

const share = (base: unknown, own: unknown): unknown => {
  if (Object.is(base, own)) return base
  if (typeof base !== 'object' || typeof own !== 'object' || base === null || own === null) return own
  if (Array.isArray(base) && Array.isArray(own)) {
    const items = own.map((item: unknown, index) => share(base[index], item))
    return items.length === base.length && items.every((item, index) => Object.is(item, base[index])) ? base : items
  }
  if (!isPlain(base) || !isPlain(own)) return own
  const keys = Object.keys(own)
  const ofBase = Object.keys(base)
  const result: [string, unknown][] = []
  let isEqual = keys.length === ofBase.length
  keys.forEach((key, index) => {
    const before = Object.hasOwn(base, key) ? base[key] : undefined
    const value = share(before, own[key])
    result.push([key, value])
    if (key !== ofBase[index] || !Object.is(value, before)) isEqual = false
  })
  // A key called __proto__ is a key.
  return isEqual ? base : Object.fromEntries(result)
}

const isPlain = (value: object): value is Record<string, unknown> => Object.getPrototypeOf(value) === Object.prototype
