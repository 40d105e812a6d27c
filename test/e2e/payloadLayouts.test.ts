import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dump, load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { copyTree, kserveBelow, manifestsBelow, releaseInfoBelow, runtimesBelow } from '../tools/payload.ts'
import { modelSource, readFiles, writeFiles, writeSpec } from '../tools/spec.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'

const upstream = upstreamPayload('4.20.0')
const oldBelow = `${manifestsBelow}/001-microshift-ai-model-serving`

/** Changes a payload in place. */
type Change = (payload: string) => void

/** The runtimes' files, without their kustomization. */
const runtimeFiles = (payload: string): string[] =>
  readdirSync(join(payload, runtimesBelow))
    .filter((name) => name !== 'kustomization.yaml')
    .map((name) => join(payload, runtimesBelow, name))

/** Replaces the runtimes' files by one. */
const intoOneFile = (payload: string, name: string, write: (texts: readonly string[]) => string) => {
  const files = runtimeFiles(payload)
  const text = write(files.map((file) => readFileSync(file, 'utf8')))
  for (const file of files) rmSync(file)
  writeFileSync(join(payload, runtimesBelow, name), text)
}

const eachRuntimeFile =
  (change: (file: string) => void): Change =>
  (payload) =>
    runtimeFiles(payload).forEach(change)

const rewrite = (file: string, change: (text: string) => string) =>
  writeFileSync(file, change(readFileSync(file, 'utf8')))

/** The preview's layout: one directory that MicroShift applies, with two below it. */
const singleDirectory: Change = (payload) => {
  mkdirSync(join(payload, oldBelow))
  renameSync(join(payload, kserveBelow), join(payload, oldBelow, 'kserve'))
  renameSync(join(payload, runtimesBelow), join(payload, oldBelow, 'runtimes'))
}

/** A bundle of former days on the build host: runtimes of the payload's names, images filled in, arguments of its own. */
const formerBundle =
  (directory: string): Change =>
  (payload) => {
    const below = join(payload, manifestsBelow, directory)
    mkdirSync(below)
    for (const file of runtimeFiles(payload)) {
      const text = readFileSync(file, 'utf8')
        .replaceAll(/image: .*-image$/gm, 'image: quay.io/former/server@sha256:' + 'f'.repeat(64))
        .replace(/^( +)args:$/m, '$1args:\n$1  - --former')
      writeFileSync(join(below, `servingruntime-${file.slice(file.lastIndexOf('/') + 1)}`), text)
    }
    const triton = {
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ServingRuntime',
      metadata: { name: 'former-triton' },
      spec: { containers: [{ name: 'kserve-container', image: 'nvcr.io/nvidia/tritonserver:25.01' }] },
    }
    writeFiles(below, {
      'servingruntime-former-triton.yaml': dump(triton),
      'kustomization.yaml': 'kind: Kustomization\n',
    })
    const config = join(payload, manifestsBelow, '011-former-kserve-config')
    writeFiles(config, {
      'inferenceservice-config.yaml': dump({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'inferenceservice-config' },
        data: { deploy: '{}' },
      }),
    })
  }

const microShiftReleaseInfo = JSON.stringify({
  release: { base: '4.20.0' },
  images: { 'ovms-image': 'quay.io/stranger/ovms:1', etcd: `quay.io/openshift/etcd@sha256:${'e'.repeat(64)}` },
})

const layouts: Readonly<Record<string, Change>> = {
  'one directory with two below it, as the first previews had it': singleDirectory,
  'one directory with two below it and a kustomization.yaml': (payload) => {
    singleDirectory(payload)
    writeFileSync(
      join(payload, oldBelow, 'kustomization.yaml'),
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- kserve\n- runtimes\n',
    )
  },
  'other names of directories': (payload) => {
    renameSync(join(payload, kserveBelow), join(payload, manifestsBelow, '700-serving'))
    renameSync(join(payload, runtimesBelow), join(payload, manifestsBelow, '007-servers'))
  },
  'other names of files': eachRuntimeFile((file) =>
    renameSync(
      file,
      file.replace(/[^/]+\.yaml$/, (name) => `z${name.split('').reverse().join('')}.yaml`),
    ),
  ),
  'files that end in .yml': eachRuntimeFile((file) => renameSync(file, file.replace('.yaml', '.yml'))),
  'all runtimes in one file of several documents': (payload) =>
    intoOneFile(payload, 'runtimes.yaml', (texts) => `---\n${texts.join('\n---\n')}`),
  'all runtimes in one List, as oc prints it': (payload) =>
    intoOneFile(payload, 'runtimes.yaml', (texts) =>
      dump({ apiVersion: 'v1', kind: 'List', items: texts.map((text) => load(text)) }),
    ),
  'JSON instead of YAML': eachRuntimeFile((file) => {
    writeFileSync(file.replace('.yaml', '.json'), JSON.stringify(load(readFileSync(file, 'utf8'))))
    rmSync(file)
  }),
  'line ends of Windows': (payload) =>
    [...runtimeFiles(payload), join(payload, releaseInfoBelow)].forEach((file) =>
      rewrite(file, (text) => text.replaceAll('\n', '\r\n')),
    ),
  'a byte order mark': (payload) =>
    [...runtimeFiles(payload), join(payload, releaseInfoBelow)].forEach((file) =>
      rewrite(file, (text) => `\ufeff${text}`),
    ),
  "another name of the release-info, beside MicroShift's own": (payload) => {
    renameSync(join(payload, releaseInfoBelow), join(payload, releaseInfoBelow, '../serving.json'))
    for (const name of ['release-x86_64.json', 'release-aarch64.json', 'zz-release.json'])
      writeFileSync(join(payload, releaseInfoBelow, '..', name), microShiftReleaseInfo)
  },
  'two copies of the release-info': (payload) =>
    cpSync(join(payload, releaseInfoBelow), join(payload, releaseInfoBelow, '../copy.json')),
  'manifests of others beside it': (payload) =>
    writeFiles(join(payload, manifestsBelow), {
      '001-microshift-olm/crds.yaml': 'kind: CustomResourceDefinition\nspec: {names: {kind: ServingRuntime}}\n',
      '060-cert-manager/broken.yaml': 'kind: ConfigMap\ndata: [not: valid: YAML\n',
      '200-apps/deployment.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: some-app}\n',
      'README.md': 'kind: ServingRuntime\n',
    }),
  'a file of others that is no UTF-8': (payload) => {
    mkdirSync(join(payload, manifestsBelow, '200-apps'))
    writeFileSync(
      join(payload, manifestsBelow, '200-apps/configmap.yaml'),
      Buffer.from('kind: ConfigMap\ndata: {name: "caf\xe9"}\n', 'latin1'),
    )
  },
  'editors and package managers left files': eachRuntimeFile((file) =>
    ['.rpmsave', '~', '.bak'].forEach((ending) =>
      writeFileSync(`${file}${ending}`, readFileSync(file, 'utf8').replaceAll('args:', 'arguments:')),
    ),
  ),
  'a former bundle installed beside it': formerBundle('100-some-bundle'),
  'a former bundle that sorts first': formerBundle('000-some-bundle'),
  'the layout of the previews and a former bundle': (payload) => {
    formerBundle('100-some-bundle')(payload)
    singleDirectory(payload)
  },
}

/** Three servers, one of them with two containers, chosen by format and accelerator. */
const models = [
  { name: 'vision', source: modelSource, format: 'onnx' },
  { name: 'text', source: modelSource, format: 'vLLM', accelerator: 'nvidia' },
  { name: 'caikit', source: modelSource, format: 'caikit', runtime: 'caikit-tgis-runtime' },
]

const manifestsOf = (payload: string): Record<string, string> => {
  const directory = temporaryDirectory()
  const { status, stderr } = edge([
    'generate',
    '-f',
    writeSpec(directory, { models }),
    '--payload',
    payload,
    '-o',
    join(directory, 'out'),
  ])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  return readFiles(join(directory, 'out/manifests.d'))
}

/** What the payload gives as it is; made once. */
let original: Record<string, string> | undefined

describe('a payload is known by what its files hold', needs(payloads), () => {
  test.each(Object.entries(layouts))('%s', (_, change) => {
    const payload = join(temporaryDirectory(), 'payload')
    copyTree(upstream, payload)
    change(payload)

    original ??= manifestsOf(upstream)
    expect(manifestsOf(payload)).toStrictEqual(original)
  })

  test('bundle.json names the checksums of the files as they are, a byte order mark included', () => {
    const directory = temporaryDirectory()
    const payload = join(directory, 'payload')
    copyTree(upstream, payload)
    const spec = writeSpec(directory, { models })
    for (const file of [spec, join(payload, releaseInfoBelow)]) rewrite(file, (text) => `\ufeff${text}`)

    expect(edge(['generate', '-f', spec, '--payload', payload, '-o', join(directory, 'out')]).status).toBe(0)
    const sha256 = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')
    expect(JSON.parse(readFileSync(join(directory, 'out/bundle.json'), 'utf8'))).toMatchObject({
      spec: { sha256: sha256(spec) },
      payload: { releaseInfo: { sha256: sha256(join(payload, releaseInfoBelow)) } },
    })
  })
})
