import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from './tools/edge.ts'
import { filesOf } from './tools/files.ts'
import { kustomizeBuild } from './tools/kubectl.ts'
import { projectRoot } from './tools/root.ts'

/**
 * Each folder is a case: `edge.yaml` in; out comes the bundle (`expected/`: those of its directories that the case is
 * about, whole) or what stands on standard error (`error.txt`, exit 2; `warning.txt`, exit 0). `arguments.txt` has more
 * arguments, one a line. `UPDATE=1 npm test` writes what comes out now: read the diff.
 */
const cases = join(projectRoot, 'test/cases')
const update = process.env['UPDATE'] === '1'

describe.each(readdirSync(cases))('case %s', (name) => {
  const folder = join(cases, name)
  const expected = join(folder, 'expected')
  const wantsError =
    existsSync(join(folder, 'error.txt')) ||
    (update &&
      !existsSync(expected) &&
      edge(['validate', '-f', 'edge.yaml', ...moreArguments(folder)], { cwd: folder }).status !== 0)

  it(wantsError ? 'is refused, with a message, and writes nothing' : 'gives the expected bundle', () => {
    const out = join(temporaryDirectory(), 'out')
    const { status, stdout, stderr } = edge(['generate', '-f', 'edge.yaml', '-o', out, ...moreArguments(folder)], {
      cwd: folder,
    })
    const messages = stderr.replaceAll(out, 'OUT')
    expect(stdout).toBe('')
    if (wantsError) {
      expectText(join(folder, 'error.txt'), messages)
      expect(status).toBe(2)
      expect(existsSync(out)).toBe(false)
      return
    }
    const warnings = messages
      .split('\n')
      .filter((line) => !line.startsWith('OUT: '))
      .join('\n')
    if (warnings !== '' || existsSync(join(folder, 'warning.txt'))) expectText(join(folder, 'warning.txt'), warnings)
    expect(status).toBe(0)
    if (update) updateExpected(out, expected)
    for (const part of readdirSync(expected)) expect(ownFilesOf(join(out, part))).toEqual(filesOf(join(expected, part)))
    for (const directory of readdirSync(join(out, 'manifests.d')))
      expect(kustomizeBuild(join(out, 'manifests.d', directory)).length).toBeGreaterThan(0)
  })
})

/** Paths in their parts of the bundle: what is the same in each bundle is held to once, elsewhere. */
const sameEverywhere = new Set([
  'verify.sh',
  ...Object.keys(filesOf(join(projectRoot, 'src/probes/jq'))).map((name) => `jq/${name}`),
  ...Object.keys(filesOf(join(projectRoot, 'bootc'))),
])
const ownFilesOf = (directory: string) =>
  Object.fromEntries(Object.entries(filesOf(directory)).filter(([path]) => !sameEverywhere.has(path)))

function moreArguments(folder: string): string[] {
  const path = join(folder, 'arguments.txt')
  return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : []
}

function expectText(path: string, text: string): void {
  if (update) writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}

function updateExpected(out: string, expected: string): void {
  const parts = existsSync(expected) ? readdirSync(expected) : ['manifests.d']
  for (const part of parts) {
    rmSync(join(expected, part), { recursive: true, force: true })
    cpSync(join(out, part), join(expected, part), {
      recursive: true,
      filter: (path) => !sameEverywhere.has(relative(join(out, part), path)),
    })
  }
}
