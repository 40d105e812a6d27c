import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DockerfileParser } from 'dockerfile-ast'
import { describe, expect, it } from 'vitest'
import { hasHidden } from '../../../src/basics/visible.ts'
import { edge, temporaryDirectory } from '../../tools/edge.ts'
import { modelSource, writeSpec } from '../../tools/spec.ts'

const keys = ['example.com/gpu\nRUN touch /pwned', 'a/b\r\nUSER root', 'a/\u2028RUN x', 'a/\u001b[31m\u202eb', 'a/b\\']
const pointerStep = (key: string) => key.replaceAll('~', '~0').replaceAll('/', '~1')

const ways: Record<string, (key: string) => object> = {
  'resources.limits': (key) => ({ resources: { limits: { [key]: '1' } } }),
  'a patch': (key) => ({
    patch: [
      { op: 'add', path: '/spec/predictor/model/resources', value: { limits: {} } },
      { op: 'add', path: `/spec/predictor/model/resources/limits/${pointerStep(key)}`, value: '1' },
    ],
  }),
}

describe.each(Object.entries(ways))('a resource name by %s', (_, fields) => {
  it.each(keys)('is refused, or stays in its comment: %j', (key) => {
    const directory = temporaryDirectory()
    const model = { name: 'some-model', source: modelSource, format: 'onnx', ...fields(key) }
    const { status, stderr } = edge(['generate', '-f', writeSpec(directory, { models: [model] }), '-o', 'out'], {
      cwd: directory,
    })
    expect(hasHidden(stderr.replaceAll('\n', ''))).toBe(false)
    if (status === 2) {
      expect(stderr).toMatch(/edge\.yaml:\d+:\d+: error: /)
      return
    }
    expect(status).toBe(0)
    const bootc = join(directory, 'out/bootc')
    const texts = ['Containerfile', ...readdirSync(join(bootc, 'snippets')).map((name) => join('snippets', name))].map(
      (name) => readFileSync(join(bootc, name), 'utf8'),
    )
    for (const text of texts) {
      expect(hasHidden(text.replaceAll('\n', ''))).toBe(false)
      const instructions = DockerfileParser.parse(text).getInstructions()
      expect(instructions.map((instruction) => instruction.getKeyword())).not.toContain('USER')
      expect(instructions.some((one) => /pwned|^RUN x$/.test(one.getTextContent()))).toBe(false)
    }
  })
})
