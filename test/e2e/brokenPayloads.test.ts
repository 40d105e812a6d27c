import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, type Run, temporaryDirectory } from '../tools/edge.ts'
import { copyTree, manifestsBelow, releaseInfoBelow, runtimesBelow } from '../tools/payload.ts'
import { modelSource, writeSpec } from '../tools/spec.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'

const upstream = upstreamPayload('4.20.0')

const models = [{ name: 'vision', source: modelSource, format: 'onnx' }]

/** `edge generate` with a payload; nothing may be written when it is refused. */
const generate = (payload: string): Run => {
  const directory = temporaryDirectory()
  const file = writeSpec(directory, { models })
  return edge(['generate', '-f', file, '--payload', payload, '-o', join(directory, 'out')])
}

const brokenPayload = (change: (payload: string) => void): string => {
  const payload = join(temporaryDirectory(), 'payload')
  copyTree(upstream, payload)
  change(payload)
  return payload
}

const replaceReleaseInfo = (change: (text: string) => string) => (payload: string) => {
  const file = join(payload, releaseInfoBelow)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
}

const changeReleaseInfo = (change: (content: { release?: unknown; images: Record<string, unknown> }) => unknown) =>
  replaceReleaseInfo((text) =>
    JSON.stringify(change(JSON.parse(text) as { release?: unknown; images: Record<string, unknown> })),
  )

const manifestsIsAFile = (payload: string) => {
  rmSync(join(payload, manifestsBelow), { recursive: true })
  writeFileSync(join(payload, manifestsBelow), '')
}

/** What is broken, the one code of error that it must lead to, and what the message must hold. */
const broken: readonly (readonly [
  what: string,
  change: (payload: string) => void,
  code: string,
  says: readonly string[],
])[] = [
  [
    'no release-info',
    (payload) => rmSync(join(payload, releaseInfoBelow)),
    'payload-no-release-info',
    ['usr/share/microshift/release', 'microshift-ai-model-serving-release-info'],
  ],
  [
    'no directory of release-infos',
    (payload) => rmSync(join(payload, 'usr/share'), { recursive: true }),
    'payload-no-release-info',
    ['usr/share/microshift/release'],
  ],
  [
    "only MicroShift's own release-info",
    replaceReleaseInfo(() => '{"release":{"base":"4.20.0"},"images":{"etcd":"quay.io/some/etcd:1"}}'),
    'payload-no-release-info',
    ['release-ai-model-serving-x86_64.json'],
  ],
  [
    'a release-info that is no JSON',
    replaceReleaseInfo((text) => text.slice(0, -20)),
    'payload-bad-release-info',
    [releaseInfoBelow, 'no JSON'],
  ],
  [
    'a release-info that is a list',
    changeReleaseInfo((content) => [content]),
    'payload-bad-release-info',
    [releaseInfoBelow],
  ],
  [
    'a release-info without base',
    changeReleaseInfo(({ images }) => ({ release: {}, images })),
    'payload-bad-release-info',
    [releaseInfoBelow, 'release.base'],
  ],
  [
    'a release-info without release',
    changeReleaseInfo(({ images }) => ({ images })),
    'payload-bad-release-info',
    [releaseInfoBelow, 'release.base'],
  ],
  [
    'a release-info whose base is a number',
    changeReleaseInfo((content) => ({ ...content, release: { base: 2.22 } })),
    'payload-bad-release-info',
    [releaseInfoBelow, 'release.base'],
  ],
  [
    'a release-info whose images are a list',
    changeReleaseInfo((content) => ({ ...content, images: Object.keys(content.images) })),
    'payload-bad-release-info',
    [releaseInfoBelow, 'images'],
  ],
  [
    'a release-info with an image that is no text',
    changeReleaseInfo((content) => ({ ...content, images: { ...content.images, 'ovms-image': { digest: 1 } } })),
    'payload-bad-release-info',
    [releaseInfoBelow, 'ovms-image'],
  ],
  [
    'a release-info with an image that is no reference',
    changeReleaseInfo((content) => ({ ...content, images: { ...content.images, 'ovms-image': 'quay.io/OVMS' } })),
    'bad-reference',
    ['quay.io/OVMS'],
  ],
  [
    'two release-infos that differ',
    (payload) =>
      writeFileSync(
        join(payload, releaseInfoBelow, '../other.json'),
        readFileSync(join(payload, releaseInfoBelow), 'utf8').replace('2.22.1', '2.22.2'),
      ),
    'payload-release-info-ambiguous',
    ['other.json', 'release-ai-model-serving-x86_64.json'],
  ],
  [
    'no runtimes',
    (payload) => rmSync(join(payload, runtimesBelow), { recursive: true }),
    'payload-no-runtimes',
    [manifestsBelow],
  ],
  [
    'no manifests',
    (payload) => rmSync(join(payload, 'usr/lib'), { recursive: true }),
    'payload-no-runtimes',
    [manifestsBelow],
  ],
  ['manifests.d is a file', manifestsIsAFile, 'payload-no-runtimes', [manifestsBelow]],
]

const stackTrace = /^\s+at .*(?:\.js|\.ts|node:)/m

describe('a broken payload is refused in one clear message', needs(payloads), () => {
  test.each(broken)('%s', (_, change, code, says) => {
    const { status, stdout, stderr } = generate(brokenPayload(change))

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect([...stderr.matchAll(/^(?:\S+: )?error: .*\[([a-z-]+)\]$/gm)].map(([, found]) => found)).toEqual([code])
    for (const part of says) expect(stderr).toContain(part)
    expect(stderr).not.toMatch(stackTrace)
  })

  test('a runtime that is no YAML is shown with its place; the others can still be seen', () => {
    const file = `${runtimesBelow}/hf-detector.yaml`
    const payload = brokenPayload((tree) => {
      const lines = readFileSync(join(tree, file), 'utf8').split('\n')
      const at = lines.findIndex((line) => line.startsWith('  name:'))
      writeFileSync(join(tree, file), [...lines.slice(0, at), '  name: [guardrails', ...lines.slice(at + 1)].join('\n'))
    })
    const refused = generate(payload)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(new RegExp(`^${payload}/${file}:\\d+:\\d+: error: .*\\[yaml-syntax\\]$`, 'm'))
    expect(refused.stderr).not.toMatch(stackTrace)

    const { status, stdout, stderr } = edge(['runtimes', '--payload', payload, '--format', 'json'])
    expect(status).toBe(0)
    expect(stderr).toContain(`${payload}/${file}:`)
    const names = (JSON.parse(stdout) as { runtimes: { name: string }[] }).runtimes.map(({ name }) => name)
    expect(names).toEqual([
      'caikit-standalone-runtime',
      'caikit-tgis-runtime',
      'kserve-ovms',
      'vllm-cuda-runtime',
      'vllm-gaudi-runtime',
      'vllm-rocm-runtime',
    ])
  })

  test('a runtime that lacks what edge needs of one is shown with its place', () => {
    const file = `${runtimesBelow}/vllm-cuda.yaml`
    const payload = brokenPayload((tree) =>
      writeFileSync(
        join(tree, file),
        `# a comment\n---\n${readFileSync(join(tree, file), 'utf8').replace('containers:', 'container:')}`,
      ),
    )
    const { status, stderr } = generate(payload)

    expect(status).toBe(2)
    expect(stderr).toMatch(
      new RegExp(`^${payload}/${file}:\\d+:\\d+: error: .*spec\\.containers.*\\[runtime-malformed\\]$`, 'm'),
    )
    expect(stderr).not.toMatch(stackTrace)
  })
})

describe('a payload that is no payload is refused in one clear message', () => {
  test.each([
    ['an empty directory', 'empty'],
    ['a file', 'some-file'],
    ['a path through a file', 'some-file/payload'],
    ['nothing', 'nothing'],
  ])('%s', (_, below) => {
    const directory = temporaryDirectory()
    mkdirSync(join(directory, 'empty'))
    writeFileSync(join(directory, 'some-file'), 'kind: ServingRuntime\n')
    const payload = join(directory, below)

    const byOption = ['-f', writeSpec(join(directory, 'a'), { models }), '--payload', payload]
    const bySpec = ['-f', writeSpec(join(directory, 'b'), { payload: { path: payload }, models })]
    for (const form of [byOption, bySpec]) {
      const { status, stdout, stderr } = edge(['generate', ...form, '-o', join(directory, 'out')])
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr.split('\n')[0]).toContain(payload)
      expect(stderr).not.toMatch(stackTrace)
    }
  })
})
