import { describe, expect, test } from 'vitest'
import { exampleFields, fieldTypes } from '../../src/payload/configFields.ts'
import { applyMergePatch } from '../../src/basics/mergePatch.ts'

describe('a JSON merge patch', () => {
  // The table of RFC 7396, appendix A.
  test.each([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(applyMergePatch(target, patch)).toStrictEqual(expected)
  })

  test('touches no prototype', () => {
    applyMergePatch({}, JSON.parse('{"__proto__": {"polluted": true}}'))
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('names of fields', () => {
  test('of JSON, nested ones with their path', () => {
    const fields = fieldTypes(
      '{"a": "x: {y", "b": {"c": [{"d": 1}], "e": true}, "f": null, "g": ["h", "i"], "j\\"k": -1.5e3}',
    )
    expect(Object.fromEntries(fields)).toEqual({
      a: 'string',
      b: 'object',
      'b/c': 'array',
      'b/c/d': 'number',
      'b/e': 'boolean',
      f: 'null',
      g: 'array',
      'j\\"k': 'number',
    })
  })

  test('of examples: comments, missing commas, several blocks for a key', () => {
    const fields = exampleFields(
      '# a: |-\n router: |-\n   {\n     # "no": 1\n     "a" : "b#c"\n     "headers": {\n       "propagate": []\n     }\n     "d": 1 # "e": 2\n   }\n # text\n router: |-\n   { "f": false }\ndeploy: |-\n  {',
    )
    expect(Object.fromEntries(fields.get('router') ?? [])).toEqual({
      a: 'string',
      headers: 'object',
      'headers/propagate': 'array',
      d: 'number',
      f: 'boolean',
    })
    expect([...fields.keys()]).toEqual(['router', 'deploy'])
  })
})
