import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { edge } from '../tools/edge.ts'
import { filesOf } from '../tools/files.ts'
import { projectRoot } from '../tools/root.ts'
import { startRehearsal } from '../tools/router.ts'

/** The package as npm packs it, installed in a project that has nothing else. */
let project = ''
const run = (command: string, args: readonly string[]) =>
  execFileSync(command, args, { cwd: project, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'edge-package-'))
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], {
      cwd: projectRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as { readonly filename: string }[]
  writeFileSync(join(project, 'package.json'), '{"private":true}')
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', `./${packed?.filename ?? ''}`])
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const program = (imports: string) => `${imports}
const main = async () => {
  const { plan: made, findings } = await plan({ example: 'ovms-resnet50' })
  if (made === undefined) throw new Error(JSON.stringify(findings))
  const { mkdirSync, writeFileSync } = await import('node:fs')
  for (const { path, content, executable } of render(made)) {
    const file = process.argv[2] + '/' + path
    mkdirSync(file.replace(/\\/[^/]*$/, ''), { recursive: true })
    writeFileSync(file, content, { mode: executable === true ? 0o755 : 0o644 })
  }
  console.log(JSON.stringify({ models: made.models, findings }))
  if (process.argv[3] === undefined) return
  for await (const { verdict, checks } of verify(process.argv[2] ?? '', { devices: [{ host: process.argv[3] }], insecure: true }))
    console.log(verdict, checks.length)
}
void main()
`

describe('the packed package', { timeout: 240_000 }, () => {
  test.each([
    ['an ES module', 'program.mjs', "import { plan, render, verify } from 'microshift-edge'"],
    ['CommonJS', 'program.cjs', "const { plan, render, verify } = require('microshift-edge')"],
  ])('plans, renders and verifies for %s as the command does', async (_, name, imports) => {
    writeFileSync(join(project, name), program(imports))
    const bundle = join(project, `${name}.out`)
    const said = run(process.execPath, [name, bundle])
    expect(JSON.parse(said)).toMatchObject({ models: ['ovms-resnet50'] })
    const own = join(project, `${name}.own`)
    expect(edge(['generate', '--example', 'ovms-resnet50', '-o', own]).status).toBe(0)
    expect(filesOf(bundle)).toEqual(filesOf(own))
    expect(edge(['validate', bundle]).status).toBe(0)

    const { port, stop } = await startRehearsal(bundle, [])
    try {
      expect(run(process.execPath, [name, bundle, `127.0.0.1:${port}`])).toMatch(/^pass [1-9]/m)
    } finally {
      stop()
    }
  })

  test('has types for both, and needs those of no other package but Node', () => {
    const names = ['program.mts', 'program.cts']
    const imports =
      "import { type BundlePlan, type DeviceResult, plan, render, verify } from 'microshift-edge'\nexport type Both = [BundlePlan, DeviceResult]"
    const misuse = '// @ts-expect-error: a plan is made of a file\nvoid plan({ files: 1 })\n'
    for (const name of names) writeFileSync(join(project, name), `${program(imports)}${misuse}`)
    run(process.execPath, [
      join(projectRoot, 'node_modules/typescript/bin/tsc'),
      ...['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--exactOptionalPropertyTypes'],
      ...['--typeRoots', join(projectRoot, 'node_modules/@types'), '--types', 'node', ...names],
    ])
  })

  test('throws what a program can tell apart', () => {
    const script = (code: string) =>
      run(process.execPath, [
        '-e',
        `const { plan, render } = require('microshift-edge'); void (async () => { try { ${code} } catch ({ name, message, help }) { console.log(JSON.stringify({ name, message, help })) } })()`,
      ])
    expect(JSON.parse(script("await plan({ file: 'absent.yaml' })"))).toMatchObject({ name: 'InputError' })
    expect(JSON.parse(script("await plan({ example: 'ovms-resnet5' })"))).toMatchObject({
      name: 'InputError',
      help: 'did you mean ovms-resnet50?',
    })
    expect(JSON.parse(script("render({ name: 'x' })"))).toMatchObject({ name: 'TypeError' })
    writeFileSync(join(project, 'edge.yaml'), 'apiVersion: 1\n')
    expect(
      JSON.parse(script("console.log(JSON.stringify((await plan({ file: 'edge.yaml' })).findings[0]))")),
    ).toMatchObject({
      severity: 'error',
      file: 'edge.yaml',
      line: 1,
    })
  })

  test('has its command, and the same bytes when it is built again', () => {
    expect(run(join(project, 'node_modules/.bin/edge'), ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/)
    const dist = join(projectRoot, 'dist')
    const contents = () =>
      Object.fromEntries(readdirSync(dist).map((name) => [name, readFileSync(join(dist, name), 'hex')]))
    const before = contents()
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot })
    expect(Object.keys(contents())).toEqual(Object.keys(before))
    for (const [name, content] of Object.entries(contents())) expect(content === before[name], name).toBe(true)
  })
})
