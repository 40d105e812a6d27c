import { mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, type Run, temporaryDirectory } from '../tools/edge.ts'
import { source, specText } from '../tools/specText.ts'

const good = specText('plant', ['bolts'])
const head = 'apiVersion: edge.microshift.dev/v1alpha1\nkind: EdgeBundle\nmetadata: {name: plant}\nspec:\n'

/** Expects that a spec is refused with words of its own, and that nothing is written. */
const expectRefusal = (directory: string, { status, stdout, stderr }: Run, says: RegExp): void => {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toMatch(says)
  expect(stderr).not.toMatch(/^ {4}at |defect of edge/m)
  expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
  expect(stderr.length).toBeLessThan(100_000)
  expect(readdirSync(directory)).not.toContain('out')
}

const levels =
  'x: &a0 [x, x, x, x, x, x, x, x, x, x]\n' +
  Array.from({ length: 12 }, (_, n) => `x${n}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]\n`).join('')

const files: Record<string, { content: string | Buffer; says: RegExp }> = {
  'a YAML bomb': { content: levels, says: /its aliases multiply/ },
  'an alias that contains itself': { content: `${head}  images: &a {x: *a}\n`, says: /an alias contains itself/ },
  'an alias to nothing': {
    content: `${head}  images: *nothing\n`,
    says: /spec\.yaml:5:\d+: error: this is no valid YAML/,
  },
  'a binary file': { content: Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]), says: /it is not text/ },
  'UTF-16': { content: Buffer.from(`\ufeff${good}`, 'utf16le'), says: /it is not text/ },
  'bytes that are no UTF-8': {
    content: Buffer.from([...Buffer.from(good), 0x23, 0xff, 0xfe]),
    says: /it is not UTF-8/,
  },
  'nothing at all': { content: '', says: /the file is empty/ },
  'comments alone': { content: '# nothing\n', says: /the file is empty/ },
  'two documents': { content: `${good}---\n${good}`, says: /the file holds 2 YAML documents/ },
  'a scalar': { content: 'plant\n', says: /is not an EdgeBundle/ },
  'a key twice': {
    content: `${good}kind: EdgeBundle\n`,
    says: /spec\.yaml:\d+:\d+: error: this is no valid YAML: dupl/,
  },
  '10,000 levels of lists': { content: '['.repeat(10_000), says: /nesting exceeded/ },
  '10,000 levels of maps': { content: `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, says: /nesting exceeded/ },
  'a word of 1 MB': { content: 'x'.repeat(1_000_000), says: /spec\.yaml:1:1: error: "x{50,120}… is not an EdgeBundle/ },
  'a line of 1 MB': {
    content: `${head}  models: [${`{name: x, source: "${source}", format: y}, `.repeat(10_000)}]`,
    says: /there is a model "x" already/,
  },
  '50,000 mistakes in one line': {
    content: `${head}  models: [${`{name: x, source: "${source}", format: 1}, `.repeat(50_000)}]`,
    says: /spec\.yaml:5:\d+: error: 1 is not a format name/,
  },
  '200,000 models that are none': {
    content: `${head}  models: [${'x,'.repeat(200_000)}]\n`,
    says: /spec\.yaml:5:12: error: "x" is not /,
  },
  '200,000 unknown fields': {
    content: `${head}${Array.from({ length: 200_000 }, (_, n) => `  k${n}: 1\n`).join('')}`,
    says: /unknown field "k0"/,
  },
  'errors that aliases multiply': {
    content: `${head}  models:\n  - &m {name: m, source: x, format: y, env: [${'{},'.repeat(500)}]}\n${'  - *m\n'.repeat(500)}`,
    says: /spec\.yaml:6:/,
  },
}

describe('a spec that is', () => {
  test.each(Object.entries(files))('%s is refused, from a file and from standard input', (_, { content, says }) => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'spec.yaml'), content)
    expectRefusal(directory, edge(['generate', '-f', 'spec.yaml', '-o', 'out'], { cwd: directory }), says)
    const { status } = edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input: content })
    expect(status).toBe(2)
    expect(Object.keys(contentsOf(directory))).toEqual(['spec.yaml'])
  })

  test('100 MB is refused unread', () => {
    const directory = temporaryDirectory()
    writeFileSync(join(directory, 'spec.yaml'), good)
    truncateSync(join(directory, 'spec.yaml'), 100_000_000)
    expectRefusal(
      directory,
      edge(['generate', '-f', 'spec.yaml', '-o', 'out'], { cwd: directory }),
      /spec\.yaml: it is larger than 32 MiB/,
    )
  })

  test('endless is refused', () => {
    const directory = temporaryDirectory()
    expectRefusal(
      directory,
      edge(['generate', '-f', '/dev/zero', '-o', 'out'], { cwd: directory }),
      /zero: it is larger than 32 MiB/,
    )
  })

  const places: Record<string, { path: string; says: RegExp }> = {
    'a directory': { path: 'directory', says: /cannot read directory: it is a directory/ },
    missing: { path: 'missing.yaml', says: /cannot read missing\.yaml: there is no such file/ },
    'below a file': { path: 'file/spec.yaml', says: /a part of the path is a file/ },
    'a link to itself': { path: 'link', says: /links go round in a circle/ },
    'of a name with escapes': { path: '\u001b[31mred\u0007', says: /\\u001b\[31mred\\u0007/ },
  }
  test.each(Object.entries(places))('%s is refused', (_, { path, says }) => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'directory'))
    writeFileSync(join(directory, 'file'), '')
    symlinkSync('link', join(directory, 'link'))
    expectRefusal(directory, edge(['generate', '-f', path, '-o', 'out'], { cwd: directory }), says)
  })
})
