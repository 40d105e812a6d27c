import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { projectRoot } from './tools/root.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

const filesBelow = (directory: string): string[] =>
  readdirSync(join(projectRoot, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))

const pages = [...readdirSync(projectRoot).filter((name) => name.endsWith('.md')), ...filesBelow('docs')]

/** Prose without what it shows of code. */
const prose = (page: string) => read(page).replaceAll(/^```[^]*?^```$|`[^`\n]*`/gm, '')

/** Code with comments, as one line: a citation may be wrapped. */
const inOneLine = (text: string) => text.replaceAll(/\s*\n\s*(?:\*|\/\/|#|--)?\s*/g, ' ')

/** Words as they are compared: without markup, in lower case. */
const plain = (text: string) =>
  inOneLine(text)
    .replaceAll(/[`*"']/g, '')
    .toLowerCase()

interface Citation {
  readonly in: string
  readonly page: string
  /** What the page has to say, in its own words. */
  readonly phrases: readonly string[]
}

/** `facts/PAGE.md, phrase` and `facts/PAGE.md (phrase, phrase)`, with or without `docs/` before it. */
const citationsOf = (path: string): Citation[] =>
  [
    ...inOneLine(read(path)).matchAll(
      /(?:docs\/)?facts\/([\w-]+\.md)(?: \(([^)]+)\)|, (?!(?:docs\/)?facts\/)([^.;:)|]+))?/g,
    ),
  ].map(([, page = '', several, one]) => ({
    in: path,
    page: `docs/facts/${page}`,
    phrases: (several ?? one ?? '')
      .split(',')
      .map((phrase) => phrase.replace(/\*\/.*$/, '').trim())
      .filter((phrase) => phrase !== ''),
  }))

const citing = ['src', 'bootc', 'scripts', 'bench', 'test', 'kustomize', 'examples']
  .flatMap(filesBelow)
  .filter((path) => !/^test\/(?:cases|golden)\/|^test\/docs\.test\.ts$/.test(path))
  .filter((path) => /\.(?:ts|mjs|cjs|sh|jq|hbs|html|ya?ml|py)$|\/[^.]+$/.test(path))

describe('facts that the code cites', () => {
  const citations = citing.flatMap(citationsOf)

  test('are pages of docs/facts, and say what they are cited for', () => {
    expect(citations.length).toBeGreaterThan(50)
    const missing = citations.flatMap(({ in: file, page, phrases }) =>
      existsSync(join(projectRoot, page))
        ? phrases
            .filter((phrase) => !plain(read(page)).includes(plain(phrase)))
            .map((phrase) => `${file}: ${page} does not say "${phrase}"`)
        : [`${file}: there is no ${page}`],
    )
    expect(missing).toEqual([])
  })

  test('each citation is one of those', () => {
    const mentions = citing.flatMap((path) => [...read(path).matchAll(/\bfacts\/[\w./-]*/g)].map(() => path))
    expect(citations.map(({ in: file }) => file)).toEqual(mentions)
  })
})

describe('links between the pages', () => {
  /** The anchors that GitHub gives to a page's headings. */
  const anchors = (path: string) =>
    [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    )

  test('lead to files and headings that are there', () => {
    const broken = pages
      .filter((page) => page.endsWith('.md'))
      .flatMap((page) =>
        [...prose(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].flatMap(([, file = '', anchor]) => {
          const target = file === '' ? page : normalize(join(dirname(page), file))
          if (!existsSync(join(projectRoot, target))) return [`${page}: there is no ${target}`]
          return anchor === undefined || anchors(target).includes(anchor)
            ? []
            : [`${page}: no heading of ${target} is #${anchor}`]
        }),
      )
    expect(broken).toEqual([])
  })

  test('every page of docs is reached from the README', () => {
    const reached = new Set(['README.md'])
    for (const page of reached)
      if (page.endsWith('.md') && existsSync(join(projectRoot, page)))
        for (const [, file = ''] of prose(page).matchAll(/\]\((?!https?:)([^)#\s]+)/g))
          reached.add(normalize(join(dirname(page), file)))
    expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([])
  })
})
