import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readBundle } from '../../src/bundle/read.ts'
import { thisProcess } from '../../src/bundle/owner.ts'
import { writeBundle } from '../../src/bundle/write.ts'
import { contentsOf } from '../tools/contents.ts'
import { edge, edgePath, type Run, temporaryDirectory } from '../tools/edge.ts'
import { madeUpBundle } from '../tools/madeUpBundle.ts'
import { specText } from '../tools/specText.ts'

const specs = {
  first: specText('plant', ['bolts', 'nuts']),
  second: specText('plant', ['nuts', 'washers']),
  third: specText('other', ['bolts', 'screws']),
}

/** Starts generate and does not wait for it. */
const start = (directory: string, spec: string): Promise<Run> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [edgePath, 'generate', '-f', '-', '-o', 'out'], { cwd: directory })
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('close', (status) => resolve({ status, stdout: '', stderr }))
    child.stdin.end(spec)
  })

const staging = '.edge-staging-0123456789abcdef'

describe('runs that write into one directory at once', () => {
  test.each(['nothing', 'a bundle'])(
    'leave one whole bundle where %s was, and no reader sees a mixture',
    async (before) => {
      const directory = temporaryDirectory()
      const whole = Object.entries(specs).map(([name, input]) => {
        expect(edge(['generate', '-f', '-', '-o', name], { cwd: directory, input }).status).toBe(0)
        return contentsOf(join(directory, name))
      })
      for (let round = 0; round < 3; round++) {
        if (before === 'a bundle') edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input: specs.first })
        else spawnSync('rm', ['-rf', 'out'], { cwd: directory })
        const runs = Object.values(specs).map((spec) => start(directory, spec))
        const state = { isOver: false }
        const all = Promise.all(runs).finally(() => (state.isOver = true))
        const seen = new Set<string>()
        while (!state.isOver) {
          await new Promise((resolve) => setTimeout(resolve, 5))
          try {
            for (const { code } of readBundle(join(directory, 'out')).findings) seen.add(code)
          } catch (error) {
            expect((error as Error).message).toMatch(/there is no bundle|is no bundle/)
          }
        }
        // What is changed or missing is so because a run goes on, and that is said.
        if (seen.size > 0) expect([...seen]).toContain('bundle-unfinished')
        for (const { status, stderr } of await all)
          expect({ status, stderr }).toEqual({
            status: 0,
            stderr: expect.stringMatching(/^out: \d+ files/m) as unknown,
          })
        expect(whole).toContainEqual(contentsOf(join(directory, 'out')))
      }
    },
  )

  test('say who writes when it takes too long, and touch nothing', () => {
    const out = join(temporaryDirectory(), 'out')
    mkdirSync(join(out, staging), { recursive: true })
    writeFileSync(join(out, staging, 'owner.json'), JSON.stringify(thisProcess()))
    const before = contentsOf(out)
    const told: string[] = []
    expect(() =>
      writeBundle(madeUpBundle({ 'a.txt': 'a' }), {
        directory: out,
        force: false,
        patience: 500,
        onWait: (what) => told.push(what),
      }),
    ).toThrow(
      expect.objectContaining({
        exitStatus: 3,
        message: expect.stringContaining(`(process ${process.pid})`) as unknown,
      }) as Error,
    )
    expect(told).toEqual([expect.stringContaining('waiting for another run of edge')])
    expect(contentsOf(out)).toEqual(before)
  })
})

describe('what a killed run left', () => {
  test.each([
    ['of this boot, whose number a process has again', { ...thisProcess(), start: '1' }],
    ['of another container that is silent', { ...thisProcess(), numbering: 'another' }],
  ])('%s goes, and nothing waits for it', (_, owner) => {
    const directory = temporaryDirectory()
    const path = join(directory, 'out', staging)
    mkdirSync(path, { recursive: true })
    writeFileSync(join(path, 'owner.json'), JSON.stringify(owner))
    writeFileSync(join(path, '0'), 'half')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(path, longAgo, longAgo)
    const { status, stderr } = edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input: specs.first })
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('waiting') as unknown })
    expect(readdirSync(join(directory, 'out')).filter((name) => name.startsWith('.'))).toEqual([])
  })
})

describe("what is called like the writer's own directory and is not", () => {
  const foreign: Record<string, (directory: string, name: string) => void> = {
    'a directory': (directory, name) => {
      mkdirSync(join(directory, 'out', name))
      writeFileSync(join(directory, 'out', name, 'notes'), 'mine')
    },
    'a file': (directory, name) => writeFileSync(join(directory, 'out', name), 'mine'),
    'a link out of the bundle': (directory, name) => {
      mkdirSync(join(directory, 'elsewhere'))
      writeFileSync(join(directory, 'elsewhere/notes'), 'mine')
      writeFileSync(join(directory, 'elsewhere/owner.json'), JSON.stringify({ ...thisProcess(), start: '1' }))
      symlinkSync('../elsewhere', join(directory, 'out', name))
    },
  }
  const names = [staging, '.edge-staging-123', '.edge-staging-mine', `.edge-staging-${process.pid}`]
  test.each(Object.entries(foreign).flatMap(([what, make]) => names.map((name) => ({ what, name, make }))))(
    '$what, $name, is kept and not followed',
    ({ name, make }) => {
      const directory = temporaryDirectory()
      const write = (text: string, force: boolean) =>
        writeBundle(madeUpBundle({ 'a.txt': text }), { directory: join(directory, 'out'), force })
      write('old', false)
      make(directory, name)
      const before = contentsOf(directory)
      expect(() => write('new', false)).toThrow('holds files that edge did not write')
      expect(contentsOf(directory)).toEqual(before)
      write('new', true)
      const after = contentsOf(directory)
      expect(after['out/a.txt']).toBe('new')
      const others = (contents: Record<string, string>) =>
        Object.entries(contents).filter(([path]) => !/^out\/(a\.txt|bundle\.json|SHA256SUMS)$/.test(path))
      expect(others(after)).toEqual(others(before))
    },
  )
})
