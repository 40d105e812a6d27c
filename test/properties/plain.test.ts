import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { didYouMean, nearNames, orList } from '../../src/findings/near.ts'
import { parseQuantity } from '../../src/plan/quantity.ts'
import { anyText, runs } from './texts.ts'

/** Value of each suffix, with the number of digits behind the point that it has at most. */
const suffixes = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
  Pi: 1024 ** 5,
  Ei: 1024 ** 6,
} as const

const number = fc.oneof(
  fc.nat().map(String),
  fc.tuple(fc.nat(), fc.nat()).map(([whole, rest]) => `${whole}.${rest}`),
  fc.nat().map((whole) => `${whole}.`),
  fc.nat().map((rest) => `.${rest}`),
)

const expectNearly = (value: number | undefined, wanted: number) => {
  expect(value).toBeDefined()
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThanOrEqual(Math.abs(wanted) * 1e-12)
}

describe('quantities', () => {
  test('have the value that Kubernetes gives them', () => {
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('', '+'),
        fc.constantFrom(...(Object.keys(suffixes) as (keyof typeof suffixes)[])),
        (digits, sign, suffix) => {
          expectNearly(parseQuantity(`${sign}${digits}${suffix}`), Number(digits) * suffixes[suffix])
        },
      ),
      runs(2000),
    )
    fc.assert(
      fc.property(
        number,
        fc.constantFrom('e', 'E'),
        fc.constantFrom('', '+', '-'),
        fc.nat({ max: 30 }),
        (digits, letter, sign, exponent) => {
          expectNearly(
            parseQuantity(`${digits}${letter}${sign}${exponent}`),
            Number(`${digits.replace(/\.$/, '')}e${sign}${exponent}`),
          )
        },
      ),
      runs(500),
    )
  })

  test('and no other text has one: any text gets an answer', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyText(), fc.string({ unit: fc.constantFrom(...Array.from('0123456789.+-eEmkKMGTPinu ,_x')) })),
        (text) => {
          const value = parseQuantity(text)
          if (value === undefined) return
          // The regular expression of Kubernetes (quantity.go), without a minus.
          expect(text).toMatch(/^[+]?[0-9.]+[eEinumkKMGTP]*[-+]?[0-9]*$/)
          expect(value).toBeGreaterThanOrEqual(0)
        },
      ),
      runs(5000),
    )
    for (const text of [
      '',
      '.',
      '-1',
      '1 Gi',
      '1gi',
      '1K',
      '1KI',
      '1mi',
      '1e',
      '1e3Mi',
      '1Mi3',
      '0x10',
      '1_000',
      '1,5',
      'Gi',
      '1.2.3',
      '１',
      'NaN',
      'Infinity',
      '1\n',
      ' 1',
    ])
      expect([text, parseQuantity(text)]).toEqual([text, undefined])
  })
})

describe('near names', () => {
  test('any name gets an answer: at most three of the known ones, each once', () => {
    fc.assert(
      fc.property(anyText(), fc.uniqueArray(anyText(), { maxLength: 20 }), (name, known) => {
        const near = nearNames(name, known)
        expect(near.length).toBeLessThanOrEqual(3)
        expect(new Set(near).size).toBe(near.length)
        for (const one of near) expect(known).toContain(one)
        expect(didYouMean(name, known)).toBe(near.length === 0 ? undefined : `did you mean ${orList(near)}?`)
      }),
      runs(1000),
    )
  })

  test('a name with one letter wrong, too many, too few or in capitals finds the right one first', () => {
    const names = [
      'openvino_ir',
      'tensorflow',
      'kserve-ovms',
      'vllm-cuda-runtime',
      'guardrails-detector-huggingface-runtime',
      'paddle',
    ]
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.nat(),
        fc.constantFrom('', 'x', 'xy'),
        fc.boolean(),
        (name, at, put, capitals) => {
          const position = at % name.length
          const misspelt = name.slice(0, position) + put + name.slice(position + 1)
          expect(nearNames(capitals ? misspelt.toUpperCase() : misspelt, names)[0]).toBe(name)
        },
      ),
      runs(500),
    )
  })

  test('a name of a megabyte has none, among many', () => {
    expect(
      nearNames(
        'x'.repeat(2 ** 20),
        Array.from({ length: 1000 }, (_, index) => `name-${index}`),
      ),
    ).toEqual([])
    expect(nearNames('name', ['y'.repeat(2 ** 20), 'nam'])).toEqual(['nam'])
  })
})
