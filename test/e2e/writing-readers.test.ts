import type * as fileSystem from 'node:fs'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { thisProcess } from '../../src/bundle/owner.ts'
import { readBundle } from '../../src/bundle/read.ts'
import { writeBundle } from '../../src/bundle/write.ts'
import { temporaryDirectory } from '../tools/edge.ts'
import { CutOff, faultyDisk } from '../tools/faultyDisk.ts'
import { madeUpBundle } from '../tools/madeUpBundle.ts'

/** What another run does while a reader is between two looks at the disk: a process of its own would do it at any of them. */
const between = vi.hoisted(() => ({ looks: undefined as (() => void) | undefined }))

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof fileSystem>()
  const watched =
    (look: (...args: unknown[]) => unknown) =>
    (...args: unknown[]) => {
      between.looks?.()
      return look(...args)
    }
  const names = ['existsSync', 'statSync', 'lstatSync', 'readdirSync', 'openSync', 'readSync'] as const
  return {
    ...real,
    ...Object.fromEntries(
      names.map((name) => [name, watched(real[name] as unknown as (...args: unknown[]) => unknown)]),
    ),
  }
})

const bundles = {
  old: { 'README.md': 'old', 'manifests.d/100-plant/a.yaml': 'a', 'manifests.d/100-plant/b.yaml': 'b' },
  new: { 'README.md': 'new', 'manifests.d/100-plant/b.yaml': 'b', 'manifests.d/200-other/c.yaml': 'c' },
}

const write = (directory: string, name: keyof typeof bundles, changes = Infinity) => {
  try {
    const { disk } = faultyDisk(changes)
    // Whoever goes no further is gone for the run after it.
    const owner = { ...thisProcess(), start: 'before' }
    writeBundle(madeUpBundle(bundles[name]), { directory, force: false, disk, owner })
  } catch (error) {
    if (!(error instanceof CutOff)) throw error
  }
}

/** What a reader finds when others do something just before its n-th looks; nothing when it looks less often. */
const readWhile = (directory: string, others: Readonly<Record<number, () => void>>): string[] | undefined => {
  let look = 0
  let left = Object.keys(others).length
  const watch = () => {
    const other = others[++look]
    if (other === undefined) return
    left--
    between.looks = undefined
    other()
    between.looks = watch
  }
  between.looks = watch
  try {
    const codes = readBundle(directory).findings.map(({ code }) => code)
    return left === 0 ? codes : undefined
  } finally {
    between.looks = undefined
  }
}

/** Reads once for each look at the disk that a reader takes. */
const atEachLook = (others: (out: string, look: number) => Readonly<Record<number, () => void>>) => {
  const directory = temporaryDirectory()
  const all: { readonly look: number; readonly codes: string[] }[] = []
  for (let look = 1; ; look++) {
    const out = join(directory, `out-${look}`)
    write(out, 'old')
    const codes = readWhile(out, others(out, look))
    if (codes === undefined) break
    all.push({ look, codes })
  }
  expect(all.length).toBeGreaterThan(20)
  return all
}

describe('a reader, while others write between any two of its looks at the disk', () => {
  test('sees a whole bundle when another one takes its place', () => {
    for (const { look, codes } of atEachLook((out, at) => ({ [at]: () => write(out, 'new') })))
      expect.soft({ look, codes }).toEqual({ look, codes: [] })
  })

  test.each([1, 2, 5, 10, 15])(
    'sees a whole bundle when another one takes its place and, %i looks later, the first one again',
    (later) => {
      const others = (out: string, at: number) => ({
        [at]: () => write(out, 'new'),
        [at + later]: () => write(out, 'old'),
      })
      for (const { look, codes } of atEachLook(others)) expect.soft({ look, codes }).toEqual({ look, codes: [] })
    },
  )

  test.each([3, 9, 15, 16, 17, 18, 19, 20, 21])(
    'sees a whole bundle, or that it is unfinished: %i changes of the disk',
    (changes) => {
      for (const { look, codes } of atEachLook((out, at) => ({ [at]: () => write(out, 'new', changes) })))
        if (codes.length > 0)
          expect
            .soft({ look, codes })
            .toEqual({ look, codes: expect.arrayContaining(['bundle-unfinished']) as unknown })
    },
  )

  test('takes the directory of a run that begins for no file of the bundle', () => {
    const steps = (out: string, at: number, later: number) => {
      const staging = join(out, '.edge-staging-0123456789abcdef')
      return {
        [at]: () => mkdirSync(staging),
        [at + later]: () => writeFileSync(join(staging, 'owner.json'), JSON.stringify(thisProcess())),
      }
    }
    for (const later of [1, 2, 3])
      for (const { look, codes } of atEachLook((out, at) => steps(out, at, later)))
        expect.soft({ look, later, codes }).toEqual({ look, later, codes: [] })
  })
})
