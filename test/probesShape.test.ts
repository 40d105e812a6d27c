import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { modelsOf, type ProbesDocument } from '../src/probes/document.ts'
import { documentProblem } from '../src/probes/shape.ts'
import { edge } from './tools/edge.ts'
import { needs } from './tools/needs.ts'
import { projectRoot } from './tools/root.ts'

// A bundle may come from strangers: what probes.json says reaches curl, oc and a shell only when it is of its shape, for both runners.

const directory = mkdtempSync(join(tmpdir(), 'edge-shape-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))
const out = join(directory, 'out')
const { status, stderr } = edge([
  'generate',
  '-f',
  join(projectRoot, 'test/behaviours/edge.yaml'),
  '-o',
  out,
  '--log-level',
  'error',
])
if (status !== 0) throw new Error(stderr)
const probes = join(out, 'probes')
const good = readFileSync(join(probes, 'probes.json'), 'utf8')

/** The document with one place changed, by its JSON pointer. */
const changed = (pointer: string, value: unknown): ProbesDocument => {
  const document = JSON.parse(good) as Record<string, unknown>
  const steps = pointer.split('/').slice(1)
  const last = steps.pop() ?? ''
  const place = steps.reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, document)
  if (value === undefined) Reflect.deleteProperty(place, last)
  else place[last] = value
  return document as unknown as ProbesDocument
}

const probe = '/models/0/probes/0'
const rows: readonly (readonly [pointer: string, value: unknown, says: string])[] = [
  ['/kind', 'Other', 'is no document of the kind Probes'],
  ['/largestAnswer', '1; touch x', '/largestAnswer is no integer'],
  ['/largestAnswer', 1e18, '/largestAnswer is more than 67108864'],
  ['/namespace', 'a --all', '/namespace has characters that do not belong there'],
  ['/namespace', '-n', '/namespace has characters that do not belong there'],
  ['/baseDomain', 'evil.example.com/x', '/baseDomain has characters that do not belong there'],
  ['/stops', undefined, ' lacks stops'],
  ['/models', {}, '/models is no array'],
  ['/sites', { x: { models: { vision: 7 } } }, '/sites/x/models/vision is no object or null'],
  ['/models/0/name', '$(id)', '$(id)/name has characters that do not belong there'],
  ['/models/0/port', '8888', 'vision/port is no integer'],
  ['/models/0/port', 70000, 'vision/port is more than 65535'],
  ['/models/0/replicas', [], 'vision/replicas is no integer'],
  ['/models/0/scheme', 'file', 'vision/scheme is none of http, https'],
  ['/models/0/route/host', 'user@evil.example.com', 'vision/host has characters that do not belong there'],
  ['/models/0/route/host', 'a?b', 'vision/host has characters that do not belong there'],
  ['/models/0/route/label', 'a#b', 'vision/host has characters that do not belong there'],
  [`${probe}/id`, 'A\nok 2 - forged', 'vision/probes/0/id has characters that do not belong there'],
  [`${probe}/id`, 'A\u001b[2J', 'vision/probes/0/id has characters that do not belong there'],
  [`${probe}/step`, 'other', 'vision/probes/0/step is none of ready, name'],
  [`${probe}/method`, 'GET\nurl = x', 'vision/probes/0/method has characters that do not belong there'],
  [`${probe}/path`, '@evil.example.com/', 'vision/probes/0/path has characters that do not belong there'],
  [`${probe}/path`, '/a b', 'vision/probes/0/path has characters that do not belong there'],
  [`${probe}/headers`, { 'A: b\r\nC': 'd' }, 'has characters that do not belong there'],
  [`${probe}/headers`, { A: 'b\r\nC: d' }, 'vision/probes/0/headers/A has characters that do not belong there'],
  [`${probe}/settle`, 'a[$(id)]', 'vision/probes/0/settle is no number'],
  [`${probe}/body`, '../../../etc/passwd', 'vision/probes/0/body has characters that do not belong there'],
  [`${probe}/body`, 'a/../b', 'vision/probes/0/body has characters that do not belong there'],
  [`${probe}/body`, '/etc/passwd', 'vision/probes/0/body has characters that do not belong there'],
  [`${probe}/body`, { from: 'elsewhere' }, 'vision/probes/0/body/from is none of metadata'],
  [`${probe}/expect`, null, 'vision/probes/0/expect is no object'],
  [`${probe}/expect/checks`, [{ is: 'near', says: '', cause: '', at: [], value: 'x' }], 'has no form that is known'],
  [
    `${probe}/fallback`,
    { path: '/x', body: '../x', expect: { status: [200], checks: [] } },
    'vision/probes/0/fallback/body has characters',
  ],
]

const byTypeScript = (document: ProbesDocument): string | undefined => {
  try {
    const problem = documentProblem(document)
    if (problem !== undefined) return problem
    modelsOf(document)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

describe('probes.json of another shape is refused', () => {
  test.each(rows)('%s: %j', (pointer, value, says) => {
    expect(byTypeScript(changed(pointer, value))).toContain(says)
  })

  test('and what edge writes is not', () => expect(byTypeScript(JSON.parse(good) as ProbesDocument)).toBeUndefined())

  test('in the same words in jq', needs('jq'), () => {
    const program =
      'include "models"; include "shape"; import "shape" as $shape; document_problem($shape[0]) // (models_of("") | models_problem($shape[0]; null))'
    const documents = rows.map(([pointer, value]) => changed(pointer, value))
    const { stdout, stderr } = spawnSync('jq', ['-c', '-L', join(projectRoot, 'src/probes/jq'), program], {
      input: documents.map((document) => JSON.stringify(document)).join('\n'),
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    })
    expect(stderr).toBe('')
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(documents.map(byTypeScript))
  })

  test.each([
    ['/largestAnswer', '1; touch x'],
    [`${probe}/path`, '@evil.example.com/'],
    [`${probe}/settle`, 'a[$(id)]'],
  ])('by verify.sh, with exit status 2: %s', needs('curl', 'jq'), (pointer, value) => {
    const document = changed(pointer, value)
    const place = mkdtempSync(join(directory, 'probes-'))
    cpSync(probes, place, { recursive: true })
    writeFileSync(join(place, 'probes.json'), JSON.stringify(document))
    const said = spawnSync('sh', [join(place, 'verify.sh'), '--host', '127.0.0.1:9'], { encoding: 'utf8' })
    expect({ status: said.status, stdout: said.stdout, stderr: said.stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr: `verify.sh: ${byTypeScript(document) ?? ''}\n`,
    })
  })

  test('a body that bundle.json does not list', needs('curl', 'jq'), () => {
    const place = join(directory, 'listed')
    cpSync(out, place, { recursive: true })
    writeFileSync(join(place, 'probes/data/other'), 'x')
    writeFileSync(join(place, 'probes/probes.json'), JSON.stringify(changed(`${probe}/body`, 'other')))
    const said = spawnSync('sh', [join(place, 'probes/verify.sh'), '--host', '127.0.0.1:9'], { encoding: 'utf8' })
    expect({ status: said.status, stderr: said.stderr }).toEqual({
      status: 2,
      stderr: 'verify.sh: probes.json is not what edge writes: vision sends other, which bundle.json does not list\n',
    })
    expect(edge(['verify', place, '--host', '127.0.0.1:9']).status).toBe(2)
  })
})
