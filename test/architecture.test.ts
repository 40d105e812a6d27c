import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import { projectRoot } from './tools/root.ts'

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')
const page = read('ARCHITECTURE.md')

const filesBelow = (directory: string): string[] =>
  readdirSync(join(projectRoot, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))
const sources = filesBelow('src')

/** The part of the page below a heading. */
const section = (heading: string): string => {
  const [, after] = page.split(`\n## ${heading}\n`)
  if (after === undefined) throw new Error(`ARCHITECTURE.md has no "${heading}"`)
  return after.split('\n## ')[0] ?? ''
}

/** The rows of the first table below a heading, cell by cell. */
const table = (heading: string): string[][] =>
  section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    )

describe('the rooms that ARCHITECTURE.md names', () => {
  const drawing = /```\n([^]*?)```/.exec(section('The rooms'))?.[1] ?? ''
  /** Top-level directories with what stands below them, as the page draws them. */
  const drawn = drawing.split('\n').reduce<string[]>((paths, line) => {
    const [, indent = '', name] = /^( {0,2})([\w.-]+(?:\/[\w.-]+)*\/?)(?: |$)/.exec(line) ?? []
    if (name === undefined) return paths
    const parent = paths.findLast((path) => !path.slice(0, -1).includes('/') && path.endsWith('/')) ?? ''
    return [...paths, indent === '' ? name : `${parent}${name}`]
  }, [])

  test('are there', () => {
    expect(drawn.length).toBeGreaterThan(30)
    const missing = drawn
      .map((path) => path.replace(/\bNAME\/$/, ''))
      .filter((path) => !existsSync(join(projectRoot, path)))
    expect(missing).toEqual([])
  })

  test('are all that there are in src', () => {
    const entries = readdirSync(join(projectRoot, 'src'), { withFileTypes: true })
      .filter(({ name }) => name !== 'virtual.d.ts')
      .map((entry) => `src/${entry.name}${entry.isDirectory() ? '/' : ''}`)
    expect(entries.filter((path) => !drawn.includes(path))).toEqual([])
  })

  test('and so are the files that it names, and those of CONTRIBUTING.md', () => {
    const names = new Set(
      ['src', 'bootc', 'scripts', 'test', 'bench', '.ci'].flatMap(filesBelow).map((path) => basename(path)),
    )
    const named = [page, read('CONTRIBUTING.md')].flatMap((text) =>
      [...text.matchAll(/(?<![\w.*])[\w-]+\.(?:ts|mjs|jq|sh|hbs)\b/g)].map(([name]) => name),
    )
    expect(named.length).toBeGreaterThan(30)
    expect([...new Set(named)].filter((name) => !names.has(name) && name !== 'NAME.ts')).toEqual([])
    const paths = [...read('CONTRIBUTING.md').matchAll(/\b(?:src|test)\/[\w./-]*[\w/]/g)].map(([path]) => path)
    expect(paths.filter((path) => !path.includes('NAME') && !existsSync(join(projectRoot, path)))).toEqual([])
  })
})

describe('the table of dependencies', () => {
  const named = table('The build').flatMap(([packages = '']) => packages.split(', '))
  const { devDependencies } = JSON.parse(read('package.json')) as { readonly devDependencies: Record<string, string> }

  test('has every package of package.json, and no other', () => {
    const asked = Object.keys(devDependencies).filter((name) => !name.startsWith('@types/'))
    expect(asked.filter((name) => !named.includes(name))).toEqual([])
    expect(named.filter((name) => !asked.includes(name))).toEqual([])
  })

  test('says of each one that is built in what it costs', () => {
    const { inputs } = JSON.parse(read('dist/meta.json')) as { readonly inputs: Record<string, unknown> }
    const built = new Set(
      Object.keys(inputs).flatMap((path) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
    )
    const costs = table('The build').filter(([packages = '']) => packages.split(', ').some((name) => built.has(name)))
    expect(costs.length).toBeGreaterThan(8)
    expect(costs.filter(([, , , cost = '']) => cost === '' || cost === 'none')).toEqual([])
  })
})

describe('the table of where a change goes', () => {
  /** The words that a source says in code: names and texts, without comments. */
  const wordsOf = (path: string): string[] => {
    const text = read(path)
    if (path.endsWith('.jq')) return [text.replaceAll(/^\s*#.*$/gm, '')]
    if (!path.endsWith('.ts')) return []
    const words: string[] = []
    const visit = (node: ts.Node): void => {
      if (ts.isIdentifier(node) || ts.isStringLiteral(node)) words.push(node.text)
      ts.forEachChild(node, visit)
    }
    visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest))
    return words
  }
  /** What says the word and means another thing. */
  const others: Readonly<Record<string, readonly string[]>> = {
    // A runtime has a name for people as well; a reserved annotation's help names the field.
    displayName: ['views/runtimeOverview.ts', 'findings/words.ts'],
    // An example in the help.
    junit: ['program.ts'],
  }

  test.each(table('Where a change goes'))('%s', (_, files = '', count = '', example = '') => {
    const word = example.replaceAll('`', '')
    const claimed = [...files.matchAll(/[\w/]+\.(?:ts|jq)/g)].map(([path]) => path).sort()
    const says = new RegExp(`(?<![\\w-])${word}(?![\\w-])`)
    const touched = sources
      .filter((path) => wordsOf(path).some((text) => says.test(text)))
      .map((path) => path.slice('src/'.length))
      .filter((path) => others[word]?.includes(path) !== true)
      .sort()
    expect(touched).toEqual(claimed)
    expect(Number.parseInt(count)).toBe(claimed.length)
  })
})

describe('Kubernetes objects', () => {
  test('are made in render/kubernetes, those that run a model in workloads/', () => {
    const makers = (path: string): string[] => {
      const made: string[] = []
      const visit = (node: ts.Node): void => {
        const value =
          ts.isPropertyAssignment(node) && node.name.getText(file) === 'apiVersion' ? node.initializer : undefined
        // What edge's own files begin with, and what an `as` or a check compares, makes no object of a cluster.
        if (value !== undefined && !value.getText(file).includes('edge.microshift.dev')) made.push(value.getText(file))
        ts.forEachChild(node, visit)
      }
      const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true)
      visit(file)
      return made.filter((text) => /^['"`]/.test(text)).map((text) => `${path}: ${text}`)
    }
    // Lists are files of other tools, of their own kinds: no cluster is given them. settle.ts has a runtime that stands for none,
    // walk.ts says what kustomize would generate, to look at it alone.
    const rooms =
      /^src\/(?:(?:render\/kubernetes|workloads|render\/lists)\/|plan\/(?:model\/settle|extraManifests\/walk)\.ts$)/
    const all = sources.filter((path) => path.endsWith('.ts')).map((path) => ({ path, made: makers(path) }))
    expect(all.filter(({ path }) => !rooms.test(path)).flatMap(({ made }) => made)).toEqual([])
    expect(all.flatMap(({ made }) => made).length).toBeGreaterThan(6)
  })
})
