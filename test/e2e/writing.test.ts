import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf, timesOf } from '../tools/contents.ts'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { specText } from '../tools/specText.ts'

const text = specText('plant', ['bolts', 'nuts'])

/** A directory with edge.yaml and the bundle `out` made from it. */
const generated = (): { directory: string; out: string } => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'edge.yaml'), text)
  const { status, stderr } = edge(['generate', '-f', 'edge.yaml', '-o', 'out'], { cwd: directory })
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^out: \d+ files, \d+ written\n$/) as unknown,
  })
  return { directory, out: join(directory, 'out') }
}

describe('the same spec gives the same bytes', () => {
  test('a second time, when no file is touched', () => {
    const { directory, out } = generated()
    const before = { contents: contentsOf(out), times: timesOf(out) }
    const { status, stdout, stderr } = edge(['generate', '-f', 'edge.yaml', '-o', 'out'], { cwd: directory })
    expect({ status, stdout, stderr }).toEqual({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^out: \d+ files, all as they were\n$/) as unknown,
    })
    expect({ contents: contentsOf(out), times: timesOf(out) }).toEqual(before)
  })

  test('from another directory, through a path of any kind, and from standard input', () => {
    const { directory, out } = generated()
    const elsewhere = join(temporaryDirectory(), 'some', 'where')
    mkdirSync(elsewhere, { recursive: true })
    const ways = [
      ['-f', join(directory, 'edge.yaml'), '-o', 'absolute'],
      ['-f', relative(elsewhere, join(directory, 'edge.yaml')), '-o', join(elsewhere, 'relative/')],
      ['-f', '-', '-o', './stdin'],
    ]
    for (const options of ways) expect(edge(['generate', ...options], { cwd: elsewhere, input: text }).status).toBe(0)
    for (const name of ['absolute', 'relative', 'stdin'])
      expect(contentsOf(join(elsewhere, name))).toEqual(contentsOf(out))
  })

  test('in another language, time zone and place', () => {
    const { directory, out } = generated()
    const env = {
      LANG: 'tr_TR.UTF-8',
      LC_ALL: 'tr_TR.UTF-8',
      TZ: 'Pacific/Kiritimati',
      HOME: '/nonexistent',
      FORCE_COLOR: '1',
    }
    expect(edge(['generate', '-f', 'edge.yaml', '-o', 'again'], { cwd: directory, env }).status).toBe(0)
    expect(contentsOf(join(directory, 'again'))).toEqual(contentsOf(out))
  })

  test('and a dry run lists exactly the files, and writes none', () => {
    const { directory, out } = generated()
    const files = Object.entries(contentsOf(out)).flatMap(([path, content]) => (content === '/' ? [] : [path]))
    for (const output of [[], ['-o', 'out'], ['-o', 'new']]) {
      const before = { contents: contentsOf(directory), times: timesOf(directory) }
      const { status, stdout } = edge(['generate', '-f', 'edge.yaml', '--dry-run', ...output], { cwd: directory })
      expect(status).toBe(0)
      expect(stdout.trimEnd().split('\n').sort()).toEqual(files)
      expect({ contents: contentsOf(directory), times: timesOf(directory) }).toEqual(before)
    }
  })
})

describe('a bundle that is there already', () => {
  test('is mended where somebody changed or removed a file, with a warning for the changed one', () => {
    const { directory, out } = generated()
    const before = contentsOf(out)
    writeFileSync(join(out, 'README.md'), 'my notes')
    rmSync(join(out, 'images/images.txt'))
    const { status, stderr } = edge(['generate', '-f', 'edge.yaml', '-o', 'out'], { cwd: directory })
    expect(status).toBe(0)
    expect(stderr.split('\n')[0]).toBe('out/README.md was changed by somebody, and is as generated again')
    expect(stderr).toContain(', 2 written')
    expect(contentsOf(out)).toEqual(before)
  })

  test('loses the files of a model that is gone from the spec', () => {
    const { directory, out } = generated()
    const { status, stderr } = edge(['generate', '-f', '-', '-o', 'out'], {
      cwd: directory,
      input: specText('plant', ['bolts']),
    })
    expect(status).toBe(0)
    const removed = /removed out\/(manifests\.d\/100-plant\/inferenceservice-nuts\.yaml)/.exec(stderr)?.[1]
    expect(existsSync(join(out, removed ?? ''))).toBe(false)
    expect(Object.keys(contentsOf(out)).filter((path) => path.includes('nuts'))).toEqual([])
    expect(edge(['validate', out]).status).toBe(0)
  })

  test('loses the directories that this leaves empty, and keeps those where something else stands', () => {
    const { directory, out } = generated()
    edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input: specText('renamed', ['bolts']) })
    expect(existsSync(join(out, 'manifests.d/100-plant'))).toBe(false)

    writeFileSync(join(out, 'manifests.d/100-renamed/notes'), 'mine')
    edge(['generate', '-f', '-', '-o', 'out', '--force'], { cwd: directory, input: text })
    expect(contentsOf(join(out, 'manifests.d/100-renamed'))).toEqual({ notes: 'mine' })
  })

  test('is left alone when the spec has errors', () => {
    const { directory, out } = generated()
    const before = { contents: contentsOf(out), times: timesOf(out) }
    const { status, stderr } = edge(['generate', '-f', '-', '-o', 'out'], {
      cwd: directory,
      input: `${text}  unknown: 1\n`,
    })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('nothing was written') as unknown })
    expect({ contents: contentsOf(out), times: timesOf(out) }).toEqual(before)
  })
})

test('the file of a spec is not changed by being read', () => {
  const { directory } = generated()
  expect(readFileSync(join(directory, 'edge.yaml'), 'utf8')).toBe(text)
})
