import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isDeepStrictEqual } from 'node:util'
import { applyMergePatch, makeMergePatch } from '../../src/basics/mergePatch.ts'

/** Values that a merge patch can make: null, as a value of a map, takes a key away. */
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.array(fc.integer()),
    fc
      .array(fc.tuple(fc.constantFrom('a', 'b', 'c', '__proto__', 'constructor'), tie('value')))
      .map((entries) => Object.fromEntries(entries) as unknown),
  ),
})).value

test('the patch between two values makes one of the other, and there is none between equals', () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const patch = makeMergePatch(before, after)
      if (patch === undefined) expect(before).toEqual(after)
      else expect(isDeepStrictEqual(applyMergePatch(before, patch), after)).toBe(true)
    }),
  )
})

test('the order of keys makes no difference, inside lists neither', () => {
  expect(makeMergePatch([{ a: 1, b: 2 }], [{ b: 2, a: 1 }])).toBeUndefined()
})
