import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../../tools/edge.ts'
import { modelSource, someDigest, writeSpec } from '../../tools/spec.ts'

const head = 'apiVersion: edge.microshift.dev/v1alpha1\nkind: EdgeLock\nplatform: linux/amd64\n'
const entry = (fields: object) =>
  `${head}images: ${JSON.stringify([{ reference: `registry.example.com/models/some-model@${someDigest}`, digest: someDigest, type: 'image', size: 1, layers: [], ...fields }])}\n`
const bomb = `${head}a: &a [x, x, x, x, x, x, x, x, x, x]\n${'bcdefghi'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)}, `.repeat(10)}]\n`)}images: []\n`

/** Locks that nobody meant well: what is said of them. */
const locks: Record<string, readonly [string, string]> = {
  nothing: ['', 'lock-malformed'],
  'no YAML': ['images: [', 'yaml-syntax'],
  'a bomb': [bomb, 'yaml-syntax'],
  'two documents': [`${head}images: []\n---\n${head}images: []\n`, 'lock-malformed'],
  'a list': ['[]', 'lock-malformed'],
  'another kind': [`${head.replace('EdgeLock', 'Secret')}images: []\n`, 'lock-malformed'],
  'another platform': [`${head.replace('amd64', 'arm64')}images: []\n`, 'lock-malformed'],
  'images that are no list': [`${head}images: {}\n`, 'lock-malformed'],
  'a reference that leaves': [entry({ reference: '../../../etc/passwd' }), 'lock-malformed'],
  'a reference with a newline': [entry({ reference: 'registry.example.com/a:1\nRUN rm -rf /' }), 'lock-malformed'],
  'a digest with a newline': [entry({ digest: `${someDigest}\n` }), 'lock-malformed'],
  'a digest that is a path': [entry({ digest: 'sha256:../../x' }), 'lock-malformed'],
  'a size that is no number': [entry({ size: '1' }), 'lock-malformed'],
  'a size that is none': [entry({ size: 1e300 }), 'lock-malformed'],
  __proto__: [`${head}images:\n- __proto__: {reference: x}\n`, 'lock-malformed'],
  'another digest than asked for': [entry({ digest: `sha256:${'f'.repeat(64)}` }), 'lock-contradicts'],
  'an entrypoint with an escape': [entry({ entrypoint: ['\u001b[31mred'] }), 'modelcar-entrypoint'],
}

const largeFile = (path: string): void => {
  writeFileSync(path, '')
  truncateSync(path, 100_000_000)
}

describe('a lock that others have written', () => {
  test.each(Object.entries(locks))('%s', (_, [lock, code]) => {
    const directory = temporaryDirectory()
    const spec = writeSpec(directory, { models: [{ name: 'some', source: modelSource, format: 'onnx' }] })
    writeFileSync(join(directory, 'edge.lock.yaml'), lock)
    for (const command of ['generate', 'validate', 'images']) {
      const { status, stdout, stderr } = edge([
        command,
        '-f',
        spec,
        ...(command === 'generate' ? ['-o', join(directory, 'out')] : []),
      ])
      expect(stdout + stderr).toContain(`[${code}]`)
      expect(stdout + stderr).toMatch(/edge\.lock\.yaml(?::\d+:\d+)?: /)
      expect(stdout + stderr).not.toMatch(/^ {4}at |\u001b|defect/m)
      expect(status).toBe(code === 'modelcar-entrypoint' ? 0 : command === 'validate' ? 1 : 2)
    }
  })

  test('one of 100 MB, a directory, a link to itself', () => {
    for (const [make, says] of [
      [largeFile, 'larger than 32 MiB'],
      [mkdirSync, 'it is a directory'],
    ] as const) {
      const directory = temporaryDirectory()
      const spec = writeSpec(directory, { models: [{ name: 'some', source: modelSource, format: 'onnx' }] })
      make(join(directory, 'edge.lock.yaml'))
      const { status, stderr } = edge(['validate', '-f', spec])
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown })
    }
    const directory = temporaryDirectory()
    const spec = writeSpec(directory, { models: [{ name: 'some', source: modelSource, format: 'onnx' }] })
    symlinkSync('edge.lock.yaml', join(directory, 'edge.lock.yaml'))
    expect(edge(['validate', '-f', spec])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('its symbolic links go round in a circle') as unknown,
    })
  })
})
