import fc from 'fast-check'
import { dump, load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { locator, pointerKeys, pointerStep, type Range } from '../../src/yaml/locate.ts'
import { parseYaml } from '../../src/yaml/parse.ts'
import { anyText, runs } from './texts.ts'

type Scalar = string | number | boolean
type Tree = Scalar | readonly Tree[] | { readonly [key: string]: Tree }

const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'medium' },
    fc.oneof(anyText(), fc.integer(), fc.boolean()),
    fc.array(tie('tree'), { minLength: 1, maxLength: 4 }),
    fc.dictionary(anyText(), tie('tree'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
  ),
}))
const nested = fc
  .dictionary(anyText(), tree, { minKeys: 1, maxKeys: 4, noNullPrototype: true })
  .map((spec) => ({ spec }))

/** The ways in which people and programs write YAML: blocks, flow, with quotes, JSON. */
const written = fc.constantFrom<(value: Tree) => string>(
  (value) => dump(value, { lineWidth: -1 }),
  (value) => dump(value, { lineWidth: -1, seqNoIndent: true, indent: 4 }),
  (value) => dump(value, { flowLevel: 1 }),
  (value) => dump(value, { lineWidth: -1, forceQuotes: true, quoteStyle: 'double' }),
  (value) => `# a comment\n---\n${dump(value, { lineWidth: -1 })}...\n`,
  (value) => dump(value, { lineWidth: -1 }).replaceAll('\n', '\r\n'),
  (value) => JSON.stringify(value, undefined, 2),
  (value) => JSON.stringify(value),
)

interface Leaf {
  readonly pointer: string
  readonly key: string | undefined
  readonly value: Scalar
}

const leavesOf = (value: Tree, pointer = '', key?: string): Leaf[] => {
  if (typeof value !== 'object') return [{ pointer, key, value }]
  if (Array.isArray(value))
    return (value as readonly Tree[]).flatMap((item, index) => leavesOf(item, pointer + pointerStep(index)))
  return Object.entries(value).flatMap(([name, child]) => leavesOf(child, pointer + pointerStep(name), name))
}

describe('places in a YAML text', () => {
  test('pointers and keys belong together, whatever is in a key', () => {
    fc.assert(
      fc.property(fc.array(anyText()), (keys) => {
        expect(pointerKeys(keys.map(pointerStep).join(''))).toEqual(keys)
      }),
      runs(500),
    )
  })

  test("each leaf's pointer leads to the leaf, and to its key", () => {
    fc.assert(
      fc.property(nested, written, (value, write) => {
        const text = write(value)
        const locate = locator(text)
        const read = parseYaml(text)
        expect(read.ok).toBe(true)
        // Line ends of Windows may change texts of several lines: what the reader gives is what is looked for.
        for (const leaf of leavesOf((read.ok ? read.documents[0] : value) as Tree)) {
          expectHolds(text, locate(leaf.pointer), leaf.value)
          if (leaf.key !== undefined) expectHolds(text, locate(leaf.pointer, 'key'), leaf.key)
        }
      }),
      runs(1500),
    )
  })

  test('in the right one of several documents', () => {
    fc.assert(
      fc.property(fc.array(nested, { minLength: 1, maxLength: 4 }), (documents) => {
        const text = documents.map((document) => `---\n${dump(document, { lineWidth: -1 })}`).join('')
        documents.forEach((document, index) => {
          const locate = locator(text, index)
          for (const { pointer, value } of leavesOf(document)) expectHolds(text, locate(pointer), value)
        })
      }),
      runs(300),
    )
  })

  test('a pointer to what is not there leads to the nearest parent', () => {
    fc.assert(
      fc.property(nested, (value) => {
        const text = dump(value, { lineWidth: -1 })
        const locate = locator(text)
        for (const { pointer } of leavesOf(value))
          expect(locate(`${pointer}/absent/more`)).toEqual(locate(pointer, 'key'))
      }),
      runs(300),
    )
  })

  test('any text and pointer get an answer that is in the text', () => {
    fc.assert(
      fc.property(anyText(), anyText(), fc.nat({ max: 2 }), (text, pointer, document) => {
        const range = locator(text, document)(pointer)
        if (range !== undefined)
          expect(0 <= range.start && range.start <= range.end && range.end <= text.length).toBe(true)
      }),
      runs(2000),
    )
  })
})

/** Holds a range to the scalar that it marks; of a text of several lines, to its first line. An empty one has its key's. */
const expectHolds = (text: string, range: Range | undefined, value: Scalar): void => {
  expect(range).toBeDefined()
  const marked = text.slice(range?.start, range?.end)
  expect(marked).not.toMatch(/[\n\r]/)
  if (value === '') return
  if (marked === String(value).trimEnd()) return
  if (/^["']/.test(marked) || !String(value).includes('\n'))
    expect({ marked, value: (load(`- ${marked}`) as unknown[])[0] }).toEqual({ marked, value })
  else expect(String(value)).toContain(marked.trim())
}
