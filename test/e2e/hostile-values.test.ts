import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { source } from '../tools/specText.ts'

/** A spec with a text in one place. JSON is YAML, and knows how to quote. */
const specWith = (
  place: 'name' | 'model' | 'namespace' | 'format' | 'source' | 'runtime' | 'baseDomain',
  value: string,
): string => {
  const model = {
    name: place === 'model' ? value : 'bolts',
    source: place === 'source' ? value : source,
    format: place === 'format' ? value : 'openvino_ir',
    ...(place === 'runtime' ? { runtime: value } : {}),
  }
  const spec = { ...(place === 'namespace' || place === 'baseDomain' ? { [place]: value } : {}), models: [model] }
  return JSON.stringify(
    {
      apiVersion: 'edge.microshift.dev/v1alpha1',
      kind: 'EdgeBundle',
      metadata: { name: place === 'name' ? value : 'plant' },
      spec,
    },
    undefined,
    1,
  )
}

/** Expects that generate refuses a spec in a directory that stays as it is. */
const expectRefusal = (directory: string, input: string, says?: string): void => {
  const before = contentsOf(directory)
  const { status, stdout, stderr } = edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input })
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  if (says !== undefined) expect(stderr).toContain(says)
  expect(stderr).toMatch(/<stdin>:\d+:\d+: error: /)
  expect(stderr).not.toMatch(/^ {4}at |defect of edge/m)
  // No control character but the newline reaches the terminal.
  expect(stderr).not.toMatch(/[^\P{Cc}\n]/u)
  expect(contentsOf(directory)).toEqual(before)
}

const values = [
  '../../../tmp/x',
  '/etc/passwd',
  'a\nb',
  'a\u0000b',
  `a'"; touch x; '"`,
  '$(touch x)',
  '`touch x`',
  '--force',
  '__proto__',
  '{{.Name}}',
  '',
  'a'.repeat(300),
  '\u001b[31mred\u009b0m\r',
  '\u202egnp',
]

describe('a text that is no name', () => {
  test.each(values)('%j is refused wherever a name or an address stands', (value) => {
    const directory = temporaryDirectory()
    for (const place of ['name', 'model', 'namespace', 'format', 'source', 'runtime', 'baseDomain'] as const)
      expectRefusal(directory, specWith(place, value))
  })

  test('__proto__ and its like are unknown fields, wherever they stand', () => {
    const directory = temporaryDirectory()
    for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const spec = specWith('name', 'plant')
      expectRefusal(directory, spec.replace('"spec": {', `"spec": {"${key}": {"x": 1},`), `unknown field "${key}"`)
      expectRefusal(
        directory,
        spec.replace('"name": "plant"', `"name": "plant", "${key}": 1`),
        `unknown field "${key}"`,
      )
      expectRefusal(directory, spec.replace('"apiVersion"', `"${key}": {}, "apiVersion"`), `unknown field "${key}"`)
      expectRefusal(directory, spec.replace('"format"', `"${key}": {}, "format"`), `unknown field "${key}"`)
    }
  })

  test.each(['constructor', 'tostring', 'hasownproperty', 'con', 'null', 'true', '0x1'])(
    '%j is a good name all the same, where it is one',
    (name) => {
      const directory = temporaryDirectory()
      expect(
        edge(['generate', '-f', '-', '-o', 'out'], { cwd: directory, input: specWith('name', name) }),
      ).toMatchObject({ status: 0 })
      expect(Object.keys(contentsOf(join(directory, 'out')))).toContain(`manifests.d/100-${name}/kustomization.yaml`)
      expect(edge(['validate', 'out'], { cwd: directory }).status).toBe(0)
    },
  )
})

describe('a file of runtimes', () => {
  const withRuntime = (path: string): string =>
    specWith('name', 'plant').replace('"spec": {', `"spec": {"runtimes": [${JSON.stringify(path)}],`)

  test.each([
    '/etc/passwd',
    '../x.yaml',
    'below/../../x.yaml',
    'below/../../spec/../x.yaml',
    'link.yaml',
    'folder/x.yaml',
    'loop.yaml',
    'below',
    'missing.yaml',
    '',
    '.',
    '\u001b[31m',
    'a\u0000b',
    '~/x.yaml',
  ])('that is not beside the spec is not read: %j', (path) => {
    const directory = join(temporaryDirectory(), 'spec')
    mkdirSync(join(directory, 'below'), { recursive: true })
    writeFileSync(join(dirname(directory), 'x.yaml'), 'secret: a-secret-word\n')
    symlinkSync('../x.yaml', join(directory, 'link.yaml'))
    symlinkSync('..', join(directory, 'folder'))
    symlinkSync('loop.yaml', join(directory, 'loop.yaml'))
    const spec = withRuntime(path)
    expectRefusal(directory, spec)
    expect(edge(['validate', '-f', '-'], { cwd: directory, input: spec }).stdout).not.toContain('a-secret-word')
  })

  test('may be a link to another file beside the spec, and the spec itself may be reached by a link', () => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'real/below'), { recursive: true })
    writeFileSync(
      join(directory, 'real/below/mine.yaml'),
      'apiVersion: serving.kserve.io/v1alpha1\nkind: ServingRuntime\nmetadata: {name: mine}\nspec:\n  supportedModelFormats: [{name: own, autoSelect: true}]\n  containers: [{name: kserve-container, image: "quay.io/example/own@sha256:' +
        'b'.repeat(64) +
        '", ports: [{containerPort: 8080}]}]\n',
    )
    symlinkSync('below/mine.yaml', join(directory, 'real/link.yaml'))
    symlinkSync('real', join(directory, 'link'))
    writeFileSync(join(directory, 'real/edge.yaml'), withRuntime('link.yaml').replace('openvino_ir', 'own'))
    for (const base of ['real', 'link'])
      expect(
        edge(['generate', '-f', `${base}/edge.yaml`, '-o', base === 'real' ? 'a' : 'b'], { cwd: directory }),
      ).toMatchObject({ status: 0 })
    expect(contentsOf(join(directory, 'b'))).toEqual(contentsOf(join(directory, 'a')))
  })
})
