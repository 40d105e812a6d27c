import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { Disk } from '../../src/bundle/disk.ts'
import { type Owner, thisProcess } from '../../src/bundle/owner.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { writeBundle } from '../../src/bundle/write.ts'
import { contentsOf } from '../tools/contents.ts'
import { edge, edgePath, type Run, temporaryDirectory } from '../tools/edge.ts'
import { CutOff, faultyDisk } from '../tools/faultyDisk.ts'
import { madeUpBundle } from '../tools/madeUpBundle.ts'
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

/** How many changes of a disk a run makes. */
const countChanges = (directory: string, name: Name, output: string): number => {
  const { status, stderr } = cutOffAt(Infinity, directory, name, output)
  expect(status).toBe(0)
  return Number(/changes of the disk: (\d+)/.exec(stderr)?.[1])
}

/** The files of a bundle: path → content. Not the directories: one that is empty is no part of a bundle. */
const filesOf = (bundle: string) =>
  Object.fromEntries(
    Object.entries(contentsOf(bundle)).filter(
      ([path, content]) => content !== '/' && !path.startsWith('.edge-staging-'),
    ),
  )

const bundlesInMemory = {
  none: undefined,
  old: {
    'README.md': 'old',
    'bootc/build.sh': 'old',
    'manifests.d/100-plant/a.yaml': 'a',
    'manifests.d/100-plant/b.yaml': 'b',
  },
  new: {
    'README.md': 'new',
    'bootc/build.sh': 'new',
    'manifests.d/100-plant/b.yaml': 'b',
    'manifests.d/100-plant/c.yaml': 'c',
  },
  fewer: { 'README.md': 'old' },
  renamed: { 'README.md': 'old', 'manifests.d/100-other/a.yaml': 'a', 'manifests.d/100-other/deeper/b.yaml': 'b' },
}
type InMemory = keyof typeof bundlesInMemory
/** Whoever was cut off is gone: this process is not. */
const gone = { ...thisProcess(), start: 'before' }

describe('a run that the power leaves', () => {
  const write = (output: string, name: InMemory, options: { disk?: Disk; owner?: Owner } = {}) =>
    writeBundle(madeUpBundle(bundlesInMemory[name] ?? {}), {
      directory: output,
      force: false,
      patience: 0,
      silence: 0,
      ...options,
    })
  /** What is there, as a reader sees it: a whole bundle's files, or the codes of what is wrong. */
  const seen = (output: string) => {
    try {
      const { findings } = readBundle(output)
      return findings.length === 0 ? { whole: filesOf(output) } : { says: findings.map(({ code }) => code) }
    } catch (error) {
      return { says: [(error as Error).message] }
    }
  }

  test.each<[InMemory, InMemory]>([
    ['none', 'old'],
    ['old', 'new'],
    ['old', 'fewer'],
    ['fewer', 'old'],
    ['old', 'renamed'],
    ['renamed', 'new'],
  ])(
    'at any change between %s and %s leaves a whole bundle, or one that says it is none; the next run mends it',
    (from, to) => {
      const directory = temporaryDirectory()
      const whole = Object.fromEntries(
        [from, to].flatMap((name) => {
          if (name === 'none') return []
          write(join(directory, name), name)
          return [[name, filesOf(join(directory, name))]]
        }),
      )
      const outcomes = new Set<string>()
      for (let change = 1; ; change++) {
        const out = join(directory, `out-${change}`)
        if (from !== 'none') cpSync(join(directory, from), out, { recursive: true })
        const { disk, changes } = faultyDisk(change)
        let isCutOff = false
        try {
          write(out, to, { disk, owner: gone })
        } catch (error) {
          expect(error).toBeInstanceOf(CutOff)
          isCutOff = true
        }
        const left = seen(out)
        const which = Object.entries(whole).find(([, files]) => isDeepStrictEqual(files, left.whole))?.[0]
        outcomes.add(which ?? 'unfinished')
        if (left.whole !== undefined)
          expect({ change, which }).toEqual({ change, which: expect.any(String) as unknown })
        else
          expect({ change, says: left.says[0] }).toEqual({
            change,
            says: expect.stringMatching(/bundle-unfinished|there is no bundle|is no bundle/) as unknown,
          })
        // Onward or back: whatever comes next finds its way.
        const next = change % 2 === 0 && from !== 'none' ? from : to
        write(out, next)
        expect(seen(out)).toEqual({ whole: whole[next] })
        expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([])
        if (!isCutOff) {
          expect(changes()).toBeGreaterThan(10)
          break
        }
      }
      expect([...outcomes].sort()).toEqual([from === 'none' ? [] : [from], 'unfinished', to].flat().sort())
    },
  )

  test.each<[InMemory, InMemory]>([
    ['none', 'old'],
    ['old', 'new'],
  ])('fails at any change between %s and %s before the first rename: all is as it was', (from, to) => {
    const directory = temporaryDirectory()
    const out = join(directory, 'out')
    if (from !== 'none') write(out, from)
    const before = contentsOf(directory)
    const full = () => Object.assign(new Error(), { code: 'EFBIG', syscall: 'write' })
    let failures = 0
    for (let change = 1; ; change++) {
      const { disk } = faultyDisk(change, full)
      const run = { renamed: false }
      const watched: Disk = {
        ...disk,
        rename: (a, b) => {
          run.renamed = true
          disk.rename(a, b)
        },
      }
      try {
        write(out, to, { disk: watched })
      } catch (error) {
        expect(error).toMatchObject({ exitStatus: 3 })
      }
      if (run.renamed) break
      failures++
      expect({ change, contents: contentsOf(directory) }).toEqual({ change, contents: before })
    }
    expect(failures).toBeGreaterThan(10)
  })
})

describe('a run that is killed', () => {
  test.each<[Name, number[]]>([
    ['new', [0.1, 0.4, 0.6, 0.75, 0.9, 1]],
    ['renamed', [0.7, 1]],
  ])(
    'between old and %s leaves a whole bundle, or one that says what is wrong, and the next run mends it',
    (to, shares) => {
      const directory = bundles('old', to)
      const whole = { old: filesOf(join(directory, 'old')), [to]: filesOf(join(directory, to)) }
      const out = join(directory, 'out')
      const start = () => {
        rmSync(out, { recursive: true, force: true })
        cpSync(join(directory, 'old'), out, { recursive: true })
      }
      start()
      const count = countChanges(directory, to, 'out')
      for (const share of shares) {
        const change = Math.round(count * share)
        start()
        expect(cutOffAt(change, directory, to, 'out').signal).toBe('SIGKILL')
        const left = filesOf(out)
        const { status, stdout } = edge(['validate', out])
        const isWhole = Object.values(whole).some((bundle) => isDeepStrictEqual(bundle, left))
        expect.soft({ change, status, isWhole }).toEqual({ change, status: isWhole ? 0 : 1, isWhole })
        if (status !== 0) expect(stdout).toContain('bundle-unfinished')
        expect(generate(directory, to, 'out')).toMatchObject({ status: 0 })
        expect(contentsOf(out)).toEqual(contentsOf(join(directory, to)))
      }
    },
  )
})

describe('what a run that was cut off left behind', () => {
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

  test.each([
    ['a flipped bit', (text: string) => text.replace('"kind"', '"kinc"')],
    ['no JSON any more', (text: string) => text.replace('{', '[')],
    [
      'an image of another name',
      (text: string) => text.replace(/"reference": "[^"]*/, '"reference": "quay.io/evil/image:1'),
    ],
  ])('a bundle.json with %s: named, and mended', (_, harm) => {
    const directory = bundles('old')
    const before = contentsOf(join(directory, 'old'))
    const path = join(directory, 'old/bundle.json')
    writeFileSync(path, harm(readFileSync(path, 'utf8')))
    expect(edge(['validate', 'old'], { cwd: directory })).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('bundle.json is not what `edge generate` wrote') as unknown,
    })
    expect(edge(['images', 'old'], { cwd: directory })).toMatchObject({ status: 2 })
    expect(generate(directory, 'old', 'old')).toMatchObject({ status: 0 })
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
