import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { modelSource, writeSpec } from '../tools/spec.ts'

interface Service {
  readonly kind: string
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> }
  readonly spec: {
    readonly predictor: {
      readonly model: { readonly args: readonly string[]; readonly env: readonly { readonly value: string }[] }
    }
  }
}

/** Generates a bundle with texts in each place of a spec that takes free text. */
const generate = (texts: readonly string[]) => {
  const directory = temporaryDirectory()
  const model = {
    name: 'some-model',
    source: modelSource,
    format: 'onnx',
    args: texts,
    env: texts.map((value, index) => ({ name: `E${index}`, value })),
    annotations: Object.fromEntries(texts.map((text, index) => [`some/annotation-${index}`, text])),
  }
  const run = edge(['generate', '-f', writeSpec(directory, { models: [model] }), '-o', join(directory, 'out')])
  return { ...run, workload: join(directory, 'out/manifests.d/100-some-bundle') }
}

/** The texts as kustomize renders them, from each of the places. */
const rendered = (workload: string): string[][] => {
  const service = (kustomizeBuild(workload) as Service[]).find(({ kind }) => kind === 'InferenceService')
  const annotations = Object.entries(service?.metadata.annotations ?? {}).filter(([key]) => key.startsWith('some/'))
  const { args = [], env = [] } = service?.spec.predictor.model ?? {}
  return [
    [...args],
    env.map(({ value }) => value),
    annotations.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, text]) => text),
  ]
}

describe('texts of the spec', () => {
  test('come through kustomize as they are, whatever YAML makes of them', () => {
    const texts = [
      'on',
      'off',
      'y',
      'N',
      'yes',
      'null',
      '~',
      '0777',
      '0o17',
      '1e3',
      '1_000',
      '1:30',
      '2001-01-01',
      '.inf',
      '=',
      '<<',
      '',
      ' ',
      'a: b',
      'a #b',
      '- a',
      '--- a',
      '... a',
      '!!int 1',
      '&a',
      '*a',
      "it's",
      '"',
      '\\',
      '\\n',
      '\n',
      'a\nb\n\n',
      ' a\nb',
      '\ta',
      'a\r\nb',
      '$(VAR)',
      '{{.Name}}',
      '日本語🦊',
      '\u0007',
      '\u001b[31m',
      'a '.repeat(500),
    ]
    const { status, stderr, workload } = generate(texts)

    expect({ status, stderr }).toMatchObject({ status: 0 })
    expect(rendered(workload)).toEqual([texts, texts, texts])
  })

  test.each([
    'before\u007fafter',
    'before\u0085after',
    'before\u009fafter',
    'before\u2028after',
    'before\u2029after',
    'before\ufffeafter',
    'before\uffffafter',
    '\tbefore\nafter',
  ])('what kustomize cannot carry is refused, or comes through: %j', (text) => {
    const { status, stderr, workload } = generate([text])
    if (status === 0) expect(rendered(workload)).toEqual([[text], [text], [text]])
    else expect({ status, place: /edge\.yaml:\d+:\d+: error: /.test(stderr) }).toEqual({ status: 2, place: true })
  })
})
