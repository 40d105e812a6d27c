import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kubectlPath } from '../tools/kubectl.ts'

it('the commands of the README make each Secret once, whole, of its type, and API keys without a line end', () => {
  const directory = temporaryDirectory()
  const file = (name: string, content: string): string => {
    const path = join(directory, name)
    writeFileSync(path, content)
    return path
  }
  const certificate = 'certificate\nof several lines\n'
  const secrets = [
    { name: 'tls', key: 'tls.crt', deviceFile: file('crt', certificate) },
    { name: 'llm', key: 'token', deviceFile: file("a 'key'", 'sk-1\r\n# of the plant\n') },
    { name: 'llm', key: 'other', deviceFile: file('other', 'two\nlines\n') },
    { name: 'tls', key: 'tls.key', deviceFile: file('key', 'key\n') },
    { name: 'pull', key: '.dockerconfigjson', deviceFile: file('pull.json', '{"auths": {}}\n') },
  ]
  const digest = `sha256:${'0'.repeat(64)}`
  const model = {
    name: 'm',
    source: `oci://registry.example.com/m@${digest}`,
    format: 'vLLM',
    accelerator: 'nvidia',
    auth: { apiKeySecret: { name: 'llm', key: 'token' } },
  }
  const spec = file(
    'edge.yaml',
    JSON.stringify({
      apiVersion: 'edge.microshift.dev/v1alpha1',
      kind: 'EdgeBundle',
      metadata: { name: 'x' },
      spec: { secrets, models: [model] },
    }),
  )
  const generated = edge(['generate', '-f', spec, '-o', join(directory, 'out')])
  expect({ ...generated, stderr: '' }).toMatchObject({ status: 0 })
  const commands = /```bash\n(oc [^]*?)```/.exec(readFileSync(join(directory, 'out/README.md'), 'utf8'))?.[1] ?? ''
  expect(commands.trim().split('\n')).toHaveLength(3)

  mkdirSync(join(directory, 'bin'))
  const calls = join(directory, 'calls')
  writeFileSync(
    join(directory, 'bin/oc'),
    `#!/bin/sh\nif [ "$1" = create ]; then exec '${kubectlPath()}' "$@"; fi\necho "$*" >> '${calls}'\ncat > "${directory}/applied-$(wc -l < '${calls}')"\n`,
  )
  chmodSync(join(directory, 'bin/oc'), 0o755)
  const { status, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', commands], {
    encoding: 'utf8',
    env: { HOME: directory, PATH: `${join(directory, 'bin')}:/usr/bin:/bin` },
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(new Set(readFileSync(calls, 'utf8').trim().split('\n'))).toEqual(
    new Set(['apply --server-side --field-manager=edge --force-conflicts -f -']),
  )
  const applied = [1, 2, 3].map(
    (number) =>
      load(readFileSync(join(directory, `applied-${number}`), 'utf8')) as {
        type: string
        metadata: { name: string }
        data: Record<string, string>
      },
  )
  const texts = applied.map(({ type, metadata, data }) => [
    metadata.name,
    type,
    Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()])),
  ])
  expect(texts).toEqual([
    ['tls', 'kubernetes.io/tls', { 'tls.crt': certificate, 'tls.key': 'key\n' }],
    ['llm', 'Opaque', { token: 'sk-1', other: 'two\nlines\n' }],
    ['pull', 'kubernetes.io/dockerconfigjson', { '.dockerconfigjson': '{"auths": {}}\n' }],
  ])
})
