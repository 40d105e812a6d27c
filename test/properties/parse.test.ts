import fc from 'fast-check'
import { dump } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { parseYaml, type YamlResult } from '../../src/yaml/parse.ts'
import { anyText, runs } from './texts.ts'

/** `a0: &a0 [x, …]`, `a1: &a1 [*a0, …]` and so on: each level as many times the one before. */
const bomb = (levels: number, times: number, level: (aliases: readonly string[]) => string): string =>
  Array.from(
    { length: levels },
    (_, index) =>
      `a${index}: &a${index} ${level(Array.from({ length: times }, () => (index === 0 ? 'x' : `*a${index - 1}`)))}\n`,
  ).join('')

const asList = (aliases: readonly string[]) => `[${aliases.join(', ')}]`
const asMap = (aliases: readonly string[]) => `{${aliases.map((alias, index) => `k${index}: ${alias}`).join(', ')}}`

const reasonOf = (result: YamlResult): string => (result.ok ? 'accepted' : result.problem.reason)

describe('YAML that nobody has looked at yet', () => {
  test('any text gets an answer, and a problem is in the text', () => {
    const yamlSoup = fc
      .array(
        fc.constantFrom(
          ...'&a *a *b [ ] { } - ? : , # | > \n \t ! !!str !!binary !!set << --- ... % " \' \\ x 1 ~ \0 \ufeff'
            .split(' ')
            .concat(' ', '\n', '\n  ', ': ', '- ', '? '),
        ),
        { maxLength: 30 },
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.oneof(anyText(), yamlSoup), (text) => {
        const result = parseYaml(text)
        if (result.ok) return
        expect(result.problem.reason).not.toBe('')
        expect(result.problem.offset >= 0 && result.problem.offset <= text.length).toBe(true)
      }),
      runs(10_000),
    )
  })

  test('JSON and YAML of the same value are read alike', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          anyText(),
          fc.oneof(anyText(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(anyText())),
          { noNullPrototype: true },
        ),
        (spec) => {
          expect(parseYaml(JSON.stringify({ spec }))).toEqual({ ok: true, documents: [{ spec }] })
          expect(parseYaml(dump({ spec }))).toEqual({ ok: true, documents: [{ spec }] })
        },
      ),
      runs(1000),
    )
  })

  test.each([
    ['lists', bomb(10, 10, asList)],
    ['lists, many levels', bomb(90, 2, asList)],
    ['maps', bomb(12, 9, asMap)],
    ['a bomb below a bomb', `${bomb(7, 10, asList)}b: [${Array.from({ length: 5 }, () => '*a6').join(', ')}]\n`],
  ])('a bomb is refused: %s', (_, text) => {
    expect(reasonOf(parseYaml(text))).toContain('aliases multiply')
  })

  test.each([
    ['keys that are lists', `${bomb(40, 2, asList)}? *a39\n: x\n`],
    ['keys that are maps', `${bomb(40, 2, asMap)}? *a39\n: x\n`],
    [
      'merged maps',
      Array.from(
        { length: 40 },
        (_, index) => `a${index}: &a${index} {${index === 0 ? 'x: 1' : `<<: [*a${index - 1}, *a${index - 1}]`}}\n`,
      ).join(''),
    ],
  ])('a bomb by way of %s comes to an end', (_, text) => {
    expect(reasonOf(parseYaml(text))).not.toBe('')
  })

  test('a list or map that contains itself is refused', () => {
    for (const text of [
      '&a [*a]',
      'a: &a {b: [*a]}',
      'a: &a\n  b: &b\n    c: *a\n  d: *b\n',
      '- &x [1]\n- &y [*x, *y]\n',
    ])
      expect(reasonOf(parseYaml(text))).toMatch(/contains itself|unidentified alias/)
  })

  test('nesting without end is refused', () => {
    for (const text of [
      '['.repeat(100_000),
      '{a: '.repeat(50_000),
      '- '.repeat(50_000),
      '? '.repeat(50_000),
      `${'['.repeat(5000)}${']'.repeat(5000)}`,
    ])
      expect(parseYaml(text).ok).toBe(false)
  })

  test('a chain of aliases, each one level deeper, is refused or read', () => {
    // Keys that are numbers come in their own order, so that the deepest is looked at first.
    const chain = (length: number) =>
      Array.from(
        { length },
        (_, index) => `${length - index}: &a${index} [${index === 0 ? 'x' : `*a${index - 1}`}]\n`,
      ).join('')
    for (const length of [10, 1000]) expect(parseYaml(chain(length)).ok).toBe(true)
    for (const length of [20_000, 100_000]) expect(parseYaml(chain(length)).ok).toBe(false)
  })

  test('aliases as people use them are read', () => {
    expect(parseYaml('defaults: &d {cpu: "1"}\nfirst: *d\nsecond: *d\n')).toEqual({
      ok: true,
      documents: [{ defaults: { cpu: '1' }, first: { cpu: '1' }, second: { cpu: '1' } }],
    })
    const sites = `limits: &l {cpu: "1", memory: 1Gi}\nsites:\n${'- {resources: *l}\n'.repeat(20_000)}`
    expect(parseYaml(sites).ok).toBe(true)
  })
})
