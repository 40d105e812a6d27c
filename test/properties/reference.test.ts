import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatReference, type ImageReference, parseReference } from '../../src/oci/reference.ts'
import { distributionAccepts } from './distributionGrammar.ts'
import { anyText, runs } from './texts.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz0123456789'
const letters = `${lower}ABCDEFGHIJKLMNOPQRSTUVWXYZ`

const of = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...Array.from(alphabet)), minLength, maxLength })
const joined = (parts: fc.Arbitrary<string>, separators: readonly string[], maxLength: number) =>
  fc
    .tuple(parts, fc.array(fc.tuple(fc.constantFrom(...separators), parts), { maxLength }))
    .map(([first, rest]) => first + rest.flat().join(''))

const hostLabel = joined(of(letters, 1, 6), ['-', '--'], 2)
const host = fc.oneof(
  fc.array(hostLabel, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.')),
  fc.constantFrom('localhost', '10.0.0.1', '[fd00::1]', '[::1]', '[2001:DB8:0:0:0:0:0:1]'),
)
const port = fc.integer({ min: 1, max: 65535 }).map(String)
const registry = fc.oneof(
  host,
  fc.tuple(host, port).map(([name, number]) => `${name}:${number}`),
  fc.tuple(hostLabel, port).map(([name, number]) => `${name}:${number}`),
)
const repository = fc
  .array(joined(of(lower, 1, 6), ['.', '_', '__', '-', '---'], 3), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
const tag = fc.tuple(of(`${letters}_`, 1, 1), of(`${letters}_.-`, 0, 127)).map((parts) => parts.join(''))
const digest = fc.oneof(
  of('0123456789abcdef', 64, 64).map((hex) => `sha256:${hex}`),
  of('0123456789abcdef', 128, 128).map((hex) => `sha512:${hex}`),
)

const validReference: fc.Arbitrary<ImageReference> = fc
  .record({ registry, repository, tag, digest }, { requiredKeys: ['registry', 'repository'] })
  .filter((reference) => reference.registry.length + 1 + reference.repository.length <= 255)

/** A valid reference with one stretch replaced, doubled or cut: most are wrong, by little. */
const nearlyReference = fc
  .tuple(
    validReference.map(formatReference),
    fc.nat(),
    fc.nat({ max: 3 }),
    fc.oneof(
      fc.constant(''),
      of(`${letters}:/@.-_[] \n`, 1, 4),
      fc.constantFrom(
        '://',
        '//',
        '@sha256:',
        '::',
        '[',
        ']',
        ':0',
        ':65536',
        '..',
        '[..]',
        '[::ffff:1.2.3.4]',
        'é',
        '\0',
      ),
    ),
  )
  .map(
    ([text, at, cut, put]) => text.slice(0, at % (text.length + 1)) + put + text.slice((at % (text.length + 1)) + cut),
  )

const grammarSoup = of('ab0AZ.-_:/@[]', 0, 30)

describe('image references', () => {
  test('a valid one is taken apart into its parts, and put together again as it was', () => {
    fc.assert(
      fc.property(validReference, (reference) => {
        const text = formatReference(reference)
        expect(distributionAccepts(text)).toBe(true)
        expect(parseReference(text)).toEqual({ ok: true, reference })
      }),
      runs(2000),
    )
  })

  test('any text gets an answer, and what is accepted is the same text again', () => {
    fc.assert(
      fc.property(fc.oneof(anyText(), nearlyReference, grammarSoup), (text) => {
        const result = parseReference(text)
        if (result.ok) expect(formatReference(result.reference)).toBe(text)
        else expect(result.problem.kind).not.toBe('')
      }),
      runs(5000),
    )
  })

  test('what is accepted, the grammar of the distribution project accepts', () => {
    const hosts = fc
      .oneof(of('abcdefABCDEF0123456789:.', 0, 12), of('0123456789:.', 2, 12))
      .map((inside) => `[${inside}]/some/image`)
    fc.assert(
      fc.property(fc.oneof(nearlyReference, grammarSoup, hosts), (text) => {
        if (parseReference(text).ok)
          expect({ text, accepted: distributionAccepts(text) }).toEqual({ text, accepted: true })
      }),
      runs(10_000),
    )
  })
})
