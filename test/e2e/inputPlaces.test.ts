import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, edgePath, temporaryDirectory } from '../tools/edge.ts'
import { specText } from '../tools/specText.ts'

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\n'

/** A directory with edge.yaml, of the fields given beside a model. */
const withSpec = (more = ''): string => {
  const directory = temporaryDirectory()
  writeFileSync(join(directory, 'edge.yaml'), `${specText('plant', ['bolts'])}${more}`)
  return directory
}
const generate = (directory: string, ...more: string[]) =>
  edge(['generate', '-f', 'edge.yaml', '-o', 'out', ...more], { cwd: directory })
const pipe = (path: string) => execFileSync('mkfifo', [path])

/** Expects that generate refuses, says why, and writes nothing. */
const expectRefusal = (directory: string, says: string, ...more: string[]) => {
  const { status, stdout, stderr } = generate(directory, ...more)
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining(says) as unknown,
  })
  expect(readdirSync(directory)).not.toContain('out')
}

describe('a lock', () => {
  test('that is a link to nothing is no missing lock: images would go unpinned without a word', () => {
    const directory = withSpec()
    symlinkSync('gone.yaml', join(directory, 'edge.lock.yaml'))
    expectRefusal(directory, 'edge.lock.yaml: it is a link to a file that is not there')
    expect(edge(['lock', '-f', 'edge.yaml'], { cwd: directory })).toMatchObject({ status: 2 })
  })

  test('that is a named pipe is refused, not waited for', () => {
    const directory = withSpec()
    pipe(join(directory, 'edge.lock.yaml'))
    expectRefusal(directory, 'edge.lock.yaml: it is a named pipe, not a file')
  })
})

describe('a named pipe that nobody writes to is refused, not waited for:', () => {
  test('the spec', () => {
    const directory = temporaryDirectory()
    pipe(join(directory, 'edge.yaml'))
    expectRefusal(directory, 'cannot read edge.yaml: it is a named pipe, not a file')
  })

  test.each([
    ['a runtime', '  runtimes: [place]\n'],
    ['a manifest', '  extraManifests: [place]\n'],
    ['a manifest in a folder', '  extraManifests: [folder]\n'],
    ['a manifest behind a link', '  extraManifests: [link]\n'],
  ])('%s', (_, more) => {
    const directory = withSpec(more)
    mkdirSync(join(directory, 'folder'))
    pipe(join(directory, 'place'))
    pipe(join(directory, 'folder/place.yaml'))
    symlinkSync('place', join(directory, 'link'))
    expectRefusal(directory, 'it is no regular file')
  })

  test('a file of a bundle, and its bundle.json', () => {
    const directory = withSpec()
    expect(generate(directory).status).toBe(0)
    execFileSync('sh', ['-c', 'rm out/README.md; mkfifo out/README.md'], { cwd: directory })
    expect(edge(['validate', 'out'], { cwd: directory })).toMatchObject({ status: 1 })
    execFileSync('sh', ['-c', 'rm out/bundle.json; mkfifo out/bundle.json'], { cwd: directory })
    expect(edge(['validate', 'out'], { cwd: directory })).toMatchObject({ status: 2 })
  })
})

test('a pipe that the caller has opened is read', () => {
  const directory = withSpec()
  const { status, stderr } = spawnSync(
    'bash',
    ['-c', `"${process.execPath}" "${edgePath}" generate -f <(cat edge.yaml) -o out`],
    { cwd: directory, encoding: 'utf8' },
  )
  expect({ status, stderr }).toMatchObject({ status: 0 })
})

describe('extraManifests', () => {
  const named: Record<string, { path: string; says: string }> = {
    'kustomization.yaml': { path: 'kustomization.yaml', says: 'it is a kustomization: move it into a folder' },
    Kustomization: { path: 'Kustomization', says: 'it is a kustomization: move it into a folder' },
    'kustomization.yml below a folder': {
      path: 'folder/kustomization.yml',
      says: 'it is a kustomization: name its folder instead, folder',
    },
    'a name with a backslash': { path: 'a\\b.yaml', says: 'has a backslash in its name' },
    'a name with a line break': { path: 'a\nb.yaml', says: 'has control characters in its name' },
  }
  test.each(Object.entries(named))('refuses %s', (_, { path, says }) => {
    const directory = withSpec(`  extraManifests: [${JSON.stringify(path)}]\n`)
    mkdirSync(join(directory, 'folder'))
    writeFileSync(join(directory, path), configMap)
    expectRefusal(directory, says)
  })

  test.each(['a\\b.yaml', 'a\nb.yaml', 'below/a\\b'])('refuses a folder with %j in it', (path) => {
    const directory = withSpec('  extraManifests: [folder]\n')
    mkdirSync(join(directory, 'folder/below'), { recursive: true })
    writeFileSync(join(directory, 'folder', path), configMap)
    expectRefusal(directory, 'in its name: rename it')
  })

  test.each(['..', '.', '../folder'])('refuses a folder with a link to a folder in it: %s', (target) => {
    const directory = withSpec('  extraManifests: [folder]\n')
    mkdirSync(join(directory, 'folder'))
    writeFileSync(join(directory, 'folder/a.yaml'), configMap)
    symlinkSync(target, join(directory, 'folder/link'))
    expectRefusal(directory, 'link in it is a link to a folder')
  })

  test('refuses an output directory inside of a folder, which would grow at each run', () => {
    const directory = withSpec('  extraManifests: [folder]\n')
    mkdirSync(join(directory, 'folder'))
    writeFileSync(join(directory, 'folder/a.yaml'), configMap)
    symlinkSync('folder', join(directory, 'alias'))
    for (const output of ['folder/out', 'folder', 'folder/a/b/c', 'alias/out'])
      expectRefusal(directory, 'the bundle would be written into it', '-o', output)
    expect(readdirSync(join(directory, 'folder'))).toEqual(['a.yaml'])
  })

  test('refuses a folder that holds a bundle', () => {
    const directory = withSpec('  extraManifests: [folder]\n')
    mkdirSync(join(directory, 'folder'))
    expect(edge(['generate', '--example', 'ovms-resnet50', '-o', 'folder/old'], { cwd: directory }).status).toBe(0)
    expectRefusal(directory, 'old in it is a bundle that edge wrote')
  })
})
