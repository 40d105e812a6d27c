import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { containerfileValue, containerfileWords, markdownCode, shellQuote, tomlQuote } from '../../src/render/quote.ts'
import { anyText, runs } from './texts.ts'

/** What a real shell makes of words: each one back, as bytes between NULs. */
const throughShell = (words: readonly string[]): string[] => {
  const script = words.map((word) => `printf '%s\\0' ${word}\n`).join('')
  const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout.split('\0').slice(0, -1)
}

describe('shellQuote', () => {
  test('sh reads one word, the same text', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 60, maxLength: 100 }), (texts) => {
        expect(throughShell(texts.map(shellQuote))).toEqual(texts)
      }),
      runs(20),
    )
  })

  test('also behind the = of an option, as in what edge prints', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 60, maxLength: 100 }), (texts) => {
        expect(throughShell(texts.map((text) => `--option=${shellQuote(text)}`))).toEqual(
          texts.map((text) => `--option=${text}`),
        )
      }),
      runs(5),
    )
  })

  test('a plain word stays as it is: people read these commands', () => {
    for (const word of ['some-name', 'quay.io/modh/vllm@sha256:abc', 'manifests.d/100-a_b', 'a=b,c+d%e:f'])
      expect(shellQuote(word)).toBe(word)
  })
})

/** The content of an inline code span (CommonMark 0.31, 6.1), when the text is one as a whole. */
const codeSpanContent = (markdown: string): string | undefined => {
  const [fence = ''] = /^`+/.exec(markdown) ?? []
  const closing = [...markdown.slice(fence.length).matchAll(/`+/g)].find(([run]) => run.length === fence.length)
  if (fence === '' || closing === undefined || fence.length + closing.index + fence.length !== markdown.length)
    return undefined
  const inside = markdown.slice(fence.length, -fence.length)
  return inside.startsWith(' ') && inside.endsWith(' ') && inside.trim() !== '' ? inside.slice(1, -1) : inside
}

describe('markdownCode', () => {
  // A text of nothing but white space has no code span in Markdown; none comes here.
  const text = fc.oneof(anyText(), fc.string({ unit: fc.constantFrom('`', '|', '\\', ' ', 'a', '\n') }))

  test('one line, no pipe that would end a cell of a table', () => {
    fc.assert(
      fc.property(text, (given) => {
        const markdown = markdownCode(given)
        expect(markdown).not.toMatch(/[\n\r]/)
        expect(markdown).not.toMatch(/(?<!\\)\|/)
      }),
      runs(3000),
    )
  })

  test('one code span from end to end, with the text in it but for white space', () => {
    const squeezed = (shown: string | undefined) => shown?.replaceAll(/\s+/g, ' ').trim()
    fc.assert(
      fc.property(
        text.filter((given) => given.trim() !== ''),
        (given) => {
          expect(squeezed(codeSpanContent(markdownCode(given))?.replaceAll('\\|', '|'))).toBe(squeezed(given))
        },
      ),
      runs(3000),
    )
  })
})

describe('containerfileWords', () => {
  test('is one line of JSON that gives the words back, and no here-document', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 1, maxLength: 5 }), (words) => {
        const line = containerfileWords(words)
        expect(JSON.parse(line)).toEqual(words)
        expect(line).toMatch(/^\[[^<\n\r]*\]$/)
      }),
      runs(200),
    )
  })
})

describe('containerfileValue', () => {
  /** What a builder makes of a text between double quotes: `\` takes the meaning of `"`, `$` and itself (the shell parsers of BuildKit and imagebuilder). */
  const valueOf = (quoted: string) => quoted.slice(1, -1).replaceAll(/\\(["$\\])/g, '$1')

  test('is one quoted text in which nothing is expanded', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        if (/[\0-\x1f\x7f]/.test(text)) {
          expect(() => containerfileValue(text)).toThrow('control character')
          return
        }
        const quoted = containerfileValue(text)
        expect(quoted).toMatch(/^"(?:[^"$\\]|\\["$\\])*"$/)
        expect(valueOf(quoted)).toBe(text)
      }),
      runs(200),
    )
  })
})

describe('tomlQuote', () => {
  test('is a basic string: one line, control characters escaped', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const quoted = tomlQuote(text)
        expect(quoted).not.toMatch(/[\0-\x1f\x7f]/)
        expect(JSON.parse(quoted)).toBe(text)
      }),
      runs(200),
    )
  })
})
