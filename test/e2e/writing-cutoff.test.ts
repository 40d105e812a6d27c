import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, edgePath, type Run, temporaryDirectory } from '../tools/edge.ts'
import { projectRoot } from '../tools/root.ts'
import { specText } from '../tools/specText.ts'

const specs = {
  old: specText('plant', ['bolts', 'nuts']),
  new: specText('plant', ['nuts', 'washers']),
  fewer: specText('plant', ['bolts']),
  renamed: specText('other', ['bolts', 'nuts']),
}
type Name = keyof typeof specs

const generate = (directory: string, name: Name, output: string): Run =>
  edge(['generate', '-f', '-', '-o', output], { cwd: directory, input: specs[name] })

/** A directory with one bundle for each name, each in a directory of that name. */
const bundles = (...names: Name[]): string => {
  const directory = temporaryDirectory()
  for (const name of names) expect(generate(directory, name, name).status).toBe(0)
  return directory
}

/** Runs generate and kills it just before its n-th change of the disk. */
const cutOffAt = (change: number, directory: string, name: Name, output: string) => {
  const tool = join(projectRoot, 'test/tools/killAtChange.cjs')
  const env = { ...process.env, KILL_AT_CHANGE: String(change) }
  return spawnSync(process.execPath, ['--require', tool, edgePath, 'generate', '-f', '-', '-o', output], {
    cwd: directory,
    input: specs[name],
    encoding: 'utf8',
    env,
  })
}

/** The changes that generate makes to a disk, from 1: all of them, or fifty of many, spread, the last ten among them. */
const changesOf = (directory: string, name: Name, output: string): number[] => {
  const { status, stderr } = cutOffAt(Infinity, directory, name, output)
  expect(status).toBe(0)
  const count = Number(/changes of the disk: (\d+)/.exec(stderr)?.[1])
  expect(count).toBeGreaterThan(10)
  const stride = Math.ceil(count / 40)
  return Array.from({ length: count }, (_, index) => index + 1).filter(
    (change) => change % stride === 0 || change > count - 10,
  )
}

/** The files of a bundle: path → content. Not the directories: one that is empty is no part of a bundle. */
const filesOf = (bundle: string) =>
  Object.fromEntries(
    Object.entries(contentsOf(bundle)).filter(
      ([path, content]) => content !== '/' && !path.startsWith('.edge-staging-'),
    ),
  )

describe('a run that is killed', () => {
  test.each<[Name, Name]>([
    ['old', 'new'],
    ['old', 'fewer'],
    ['fewer', 'old'],
    ['old', 'renamed'],
  ])(
    'at any moment between %s and %s leaves a whole bundle, or one that says what is wrong, and the next run mends it',
    (from, to) => {
      const directory = bundles(from, to)
      const whole = { [from]: filesOf(join(directory, from)), [to]: filesOf(join(directory, to)) }
      const out = join(directory, 'out')
      const start = () => {
        rmSync(out, { recursive: true, force: true })
        cpSync(join(directory, from), out, { recursive: true })
      }
      start()
      for (const change of changesOf(directory, to, 'out')) {
        start()
        expect(cutOffAt(change, directory, to, 'out').signal).toBe('SIGKILL')
        const left = filesOf(out)
        const { status, stdout } = edge(['validate', out])
        const isWhole = Object.values(whole).some((bundle) => isDeepStrictEqual(bundle, left))
        expect.soft({ change, status, isWhole }).toEqual({ change, status: isWhole ? 0 : 1, isWhole })
        if (status !== 0) expect(stdout).toMatch(/bundle-(unfinished|file-changed|file-missing)/)
        // Onward or back: whatever comes next finds its way.
        const next = change % 2 === 0 ? to : from
        expect(generate(directory, next, 'out')).toMatchObject({ status: 0 })
        expect(filesOf(out)).toEqual(whole[next])
      }
    },
  )

  test('at any moment of the first run leaves no bundle or one that says what is wrong, and the next run mends it', () => {
    const directory = bundles('old')
    const whole = filesOf(join(directory, 'old'))
    const out = join(directory, 'out')
    for (const change of changesOf(directory, 'old', 'out')) {
      rmSync(out, { recursive: true, force: true })
      expect(cutOffAt(change, directory, 'old', 'out').signal).toBe('SIGKILL')
      const { status, stderr } = edge(['images', out])
      if (status === 0) expect(filesOf(out)).toEqual(whole)
      else
        expect({ status, stderr }).toEqual({
          status: 2,
          stderr: expect.stringMatching(/there is no bundle|is no bundle|unfinished or damaged/) as unknown,
        })
      expect(generate(directory, 'old', 'out')).toMatchObject({ status: 0 })
      expect(filesOf(out)).toEqual(whole)
    }
  })
})

describe('what a run that was cut off left behind', () => {
  test('a staging directory goes', () => {
    const directory = bundles('old')
    mkdirSync(join(directory, 'old/.edge-staging-123'))
    writeFileSync(join(directory, 'old/.edge-staging-123/0'), 'half')
    expect(edge(['validate', 'old'], { cwd: directory }).status).toBe(0)
    expect(generate(directory, 'old', 'old').status).toBe(0)
    expect(Object.keys(contentsOf(join(directory, 'old'))).filter((path) => path.startsWith('.'))).toEqual([])
  })

  test('all files but bundle.json: a bundle again', () => {
    const directory = bundles('old')
    const before = contentsOf(join(directory, 'old'))
    rmSync(join(directory, 'old/bundle.json'))
    expect(edge(['validate', 'old'], { cwd: directory })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('old is no bundle') as unknown,
    })
    expect(generate(directory, 'old', 'old').status).toBe(0)
    expect(contentsOf(join(directory, 'old'))).toEqual(before)
  })

  test.each([0, 1, 300])('a bundle.json of which only %i bytes are there: mended', (length) => {
    const directory = bundles('old')
    const before = contentsOf(join(directory, 'old'))
    const path = join(directory, 'old/bundle.json')
    writeFileSync(path, readFileSync(path).subarray(0, length))
    expect(edge(['validate', 'old'], { cwd: directory })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('bundle-file-changed') as unknown,
    })
    expect(generate(directory, 'old', 'old')).toMatchObject({ status: 0 })
    expect(contentsOf(join(directory, 'old'))).toEqual(before)
  })
})
