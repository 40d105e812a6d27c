import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../src/basics/json.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

describe('JSON or nothing', () => {
  it('is what JSON.parse gives', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(parseJson(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  it('is nothing for what is no JSON, no UTF-8, or not there', () => {
    expect(['', '{', 'a', new Uint8Array([0x22, 0xff, 0x22]), undefined].map((text) => parseJson(text))).toEqual(
      Array.from({ length: 5 }, () => undefined),
    )
  })

  it('is nothing beyond 100 levels: who walks it would run out of stack', () => {
    expect(parseJson(nested(100))).toBeDefined()
    expect(parseJson(nested(101))).toBeUndefined()
    expect(parseJson('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))).toBeUndefined()
  })

  it('takes brackets in texts for texts, and lists beside each other for what they are', () => {
    const text = '[{\\"'.repeat(1000)
    expect(parseJson(`["${text}"]`)).toEqual([text.replaceAll('\\"', '"')])
    expect(parseJson(`[${Array.from({ length: 1000 }, () => '[]').join()}]`)).toHaveLength(1000)
  })

  it('is nothing beyond the parts that are taken', () => {
    const lists = `[${Array.from({ length: 1000 }, () => '[]').join()}]`
    expect(parseJson(lists, 1001)).toBeDefined()
    expect(parseJson(lists, 1000)).toBeUndefined()
  })
})
