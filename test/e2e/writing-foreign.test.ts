import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf, timesOf } from '../tools/contents.ts'
import { edge, type Run, temporaryDirectory } from '../tools/edge.ts'
import { specText } from '../tools/specText.ts'

const text = specText('plant', ['bolts', 'nuts'])
const generate = (directory: string, spec = text, ...more: string[]): Run =>
  edge(['generate', '-f', '-', '-o', 'out', ...more], { cwd: directory, input: spec })

/** A directory with the bundle `out`. */
const generated = (): { directory: string; out: string } => {
  const directory = temporaryDirectory()
  expect(generate(directory).status).toBe(0)
  return { directory, out: join(directory, 'out') }
}

/** Expects that a run refuses, names what is in its way, and touches nothing. */
const expectRefusal = (directory: string, named: string, run: () => Run) => {
  const before = { contents: contentsOf(directory), times: timesOf(directory) }
  const { status, stdout, stderr } = run()
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(`out holds files that edge did not write: ${named}\n`)
  expect({ contents: contentsOf(directory), times: timesOf(directory) }).toEqual(before)
}

describe('a file that edge did not write', () => {
  test.each(['notes.txt', 'manifests.d/100-plant/mine.yaml', '.hidden', 'a/b/c/d'])('stops the run: %s', (path) => {
    const { directory, out } = generated()
    mkdirSync(join(out, path, '..'), { recursive: true })
    writeFileSync(join(out, path), 'mine')
    expectRefusal(directory, path, () => generate(directory))
    expectRefusal(directory, path, () => generate(directory, specText('other', [])))

    const { status, stderr } = generate(directory, text, '--force')
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.stringContaining('all as they were') as unknown })
    expect(contentsOf(out)[path]).toBe('mine')
  })

  test('stops the run in a directory that holds no bundle', () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'out'))
    writeFileSync(join(directory, 'out/notes.txt'), 'mine')
    expectRefusal(directory, 'notes.txt', () => generate(directory))
    expect(generate(directory, text, '--force').status).toBe(0)
    expect(contentsOf(join(directory, 'out'))['notes.txt']).toBe('mine')
    expect(edge(['validate', join(directory, 'out')]).status).toBe(0)
  })

  test.each(['README.md', 'bundle.json', 'images', 'manifests.d/100-plant'])(
    'stops even --force where the bundle needs the place: %s',
    (path) => {
      const directory = temporaryDirectory()
      mkdirSync(join(directory, 'out', path, '..'), { recursive: true })
      writeFileSync(join(directory, 'out', path), 'mine')
      expectRefusal(directory, path, () => generate(directory))
      expectRefusal(directory, path, () => generate(directory, text, '--force'))
    },
  )

  test.each(['README.md', 'bundle.json'])('stops even --force when it is a directory: %s', (path) => {
    const { directory, out } = generated()
    rmSync(join(out, path))
    mkdirSync(join(out, path))
    const before = contentsOf(directory)
    for (const more of [[], ['--force']])
      expect(generate(directory, text, ...more)).toMatchObject({
        status: 2,
        stderr: expect.stringContaining(path) as unknown,
      })
    expect(contentsOf(directory)).toEqual(before)
  })
})

describe('a symbolic link inside the directory', () => {
  test('that leads out of it stops the run, --force or not, and nothing is written behind it', () => {
    const { directory, out } = generated()
    mkdirSync(join(directory, 'elsewhere'))
    rmSync(join(out, 'manifests.d'), { recursive: true })
    symlinkSync('../elsewhere', join(out, 'manifests.d'))
    expectRefusal(directory, 'manifests.d', () => generate(directory))
    expectRefusal(directory, 'manifests.d', () => generate(directory, text, '--force'))
  })

  test('in the place of a file is not written through', () => {
    const { directory, out } = generated()
    writeFileSync(join(directory, 'target'), 'precious')
    rmSync(join(out, 'README.md'))
    symlinkSync('../target', join(out, 'README.md'))
    expectRefusal(directory, 'README.md', () => generate(directory))
    expectRefusal(directory, 'README.md', () => generate(directory, text, '--force'))
  })

  test('is not followed to remove files of the last bundle', () => {
    const { directory, out } = generated()
    renameSync(join(out, 'manifests.d/100-plant'), join(directory, 'elsewhere'))
    symlinkSync('../../elsewhere', join(out, 'manifests.d/100-plant'))
    const before = contentsOf(join(directory, 'elsewhere'))
    generate(directory, specText('other', ['bolts']), '--force')
    expect(contentsOf(join(directory, 'elsewhere'))).toEqual(before)
  })
})

test('a directory in the place of a file that is no longer wanted is kept', () => {
  const { directory, out } = generated()
  const path = join(out, 'manifests.d/100-plant/inferenceservice-nuts.yaml')
  rmSync(path)
  mkdirSync(path)
  writeFileSync(join(path, 'notes'), 'mine')
  const { status, stderr } = generate(directory, specText('plant', ['bolts']), '--force')
  expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('defect') as unknown })
  expect(existsSync(join(path, 'notes'))).toBe(true)
})
