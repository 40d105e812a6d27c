import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sumOf } from '../../src/verify/prometheusText.ts'

const counter = { is: 'counter', name: 'm', labels: { a: 'b' }, says: '', cause: 'metrics-off' } as const

/** The same as one expression, which takes time with the square of a line's length. */
const plainSumOf = (text: string): number | undefined =>
  text.split('\n').reduce<number | undefined>((sum, line) => {
    if (!/^m[{ ]/.test(line)) return sum
    const end = line.lastIndexOf('}')
    const labels = line.slice(0, end + 1).matchAll(/([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g)
    if (new Map([...labels].map(([, key, value]) => [key, value])).get('a') !== 'b') return sum
    const value = Number((end === -1 ? line.slice(1) : line.slice(end + 1)).trim().split(/\s/)[0])
    return (sum ?? 0) + (Number.isNaN(value) ? 0 : value)
  }, undefined)

it('sums the series of a name that have the labels, in any order, with texts that hold quotes, braces and backslashes', () => {
  expect(
    sumOf(
      [
        '# TYPE m counter',
        'm{a="b"} 1',
        'm{x="}\\" a=\\"c\\"\\\\",a="b",} 2 1700000000',
        'm{a="c"} 4',
        'mm{a="b"} 8',
        'm 16',
        'm{a="b"} NaN',
      ].join('\n'),
      counter,
    ),
  ).toBe(3)
  expect(sumOf('', counter)).toBeUndefined()
})

it('reads what is damaged as the plain expression does', () => {
  const piece = fc.constantFrom(
    'm',
    '{',
    '}',
    'a',
    '="',
    'b',
    '"',
    '\\',
    ' ',
    '1',
    ',',
    'a="b"',
    '=',
    '\n',
    '_',
    'm{a="b"} 1',
  )
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map((parts) => `m{${parts.join('')}`),
      (text) => {
        expect(sumOf(text, counter)).toBe(plainSumOf(text))
      },
    ),
    { numRuns: 3000 },
  )
})

it.each([
  ['of letters', `m{${'a'.repeat(4_000_000)}}`],
  ['of letters and equals signs', `m{${'a='.repeat(2_000_000)}}`],
  ['of quotes', `m{${'="'.repeat(2_000_000)}}`],
  ['of texts that do not end', `m{${'a="\\'.repeat(1_000_000)}}`],
  ['of braces', `m{${'}{'.repeat(2_000_000)}}`],
])('ends with one line %s, megabytes long', (_, line) => {
  expect(sumOf(line, counter)).toBeUndefined()
})

it('ends with lines without number', () => {
  expect(sumOf('\n'.repeat(8_000_000), counter)).toBeUndefined()
})
