import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { copyTree, cutSchemas, kserveBelow, manifestsBelow, releaseInfo, runtimesBelow } from '../tools/payload.ts'
import { projectRoot } from '../tools/root.ts'
import { modelSource, someDigest, writeFiles, writeSpec } from '../tools/spec.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'
import { facts } from './upstreamFacts.ts'

interface ConfigMap {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly labels?: object
    readonly annotations?: object
  }
  readonly data: Readonly<Record<string, string>>
}

const models = [{ name: 'vision', source: modelSource, format: 'onnx' }]

/** The ConfigMap that the real kustomize makes of a directory, the example aside, which is a comment. */
const rendered = (directory: string): ConfigMap => {
  const found = (kustomizeBuild(directory) as ConfigMap[]).filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'inferenceservice-config',
  )
  expect(found).toHaveLength(1)
  const { data, ...map } = found[0] as ConfigMap
  return { ...map, data: Object.fromEntries(Object.entries(data).filter(([key]) => key !== '_example')) }
}

/** The same of a directory of a payload. */
const renderedPayload = (payload: string, below: string): ConfigMap =>
  rendered(join(changed(payload, cutSchemas), below))

/** Generates a bundle with changes to KServe's configuration: where its manifests are, and which directory is the configuration's. */
const generate = (payload: string, config: object, more: object = {}, name = 'some-bundle') => {
  const directory = temporaryDirectory()
  const { status, stderr } = edge([
    'generate',
    '-f',
    writeSpec(directory, { models, kserve: { config }, ...more }, name),
    '--payload',
    payload,
    '-o',
    join(directory, 'out'),
  ])
  expect({ status, stderr }).toMatchObject({ status: 0 })
  const manifests = join(directory, 'out/manifests.d')
  const found = readdirSync(manifests).filter((entry) => entry.endsWith('-kserve-config'))
  return { manifests, name: found[0] ?? '', override: () => rendered(join(manifests, found[0] ?? '')), stderr }
}

const findings = (payload: string, config: object): { status: number | null; codes: string[]; text: string } => {
  const directory = temporaryDirectory()
  const { status, stdout } = edge([
    'validate',
    '-f',
    writeSpec(directory, { models, kserve: { config } }),
    '--payload',
    payload,
    '--format',
    'json',
  ])
  return { status, codes: [...stdout.matchAll(/"code": "([^"]+)"/g)].map(([, code]) => code ?? ''), text: stdout }
}

/** A copy of a payload that a test may change. */
const changed = (payload: string, change: (payload: string) => void): string => {
  const copy = join(temporaryDirectory(), 'payload')
  copyTree(payload, copy)
  change(copy)
  return copy
}

const edit = (file: string, change: (text: string) => string) => writeFileSync(file, change(readFileSync(file, 'utf8')))

/** Moves a payload's KServe; gives the directory that MicroShift applies. */
const moves: Readonly<Record<string, (payload: string) => string>> = {
  'as it is': () => kserveBelow,
  'in a directory of another name': (payload) => {
    renameSync(join(payload, kserveBelow), join(payload, manifestsBelow, '042-serving'))
    return `${manifestsBelow}/042-serving`
  },
  'below one directory with the runtimes, as the first previews had it': (payload) => {
    const old = join(payload, manifestsBelow, '001-microshift-ai-model-serving')
    mkdirSync(old)
    renameSync(join(payload, kserveBelow), join(old, 'kserve'))
    renameSync(join(payload, runtimesBelow), join(old, 'runtimes'))
    return `${manifestsBelow}/001-microshift-ai-model-serving/kserve`
  },
  'below one directory with a kustomization of its own': (payload) => {
    const old = join(payload, manifestsBelow, '001-serving')
    mkdirSync(old)
    renameSync(join(payload, kserveBelow), join(old, 'kserve'))
    writeFiles(old, {
      'kustomization.yaml': 'resources: [kserve]\nnamespace: elsewhere\nlabels: [{pairs: {some: label}}]\n',
    })
    return `${manifestsBelow}/001-serving`
  },
}

describe.each([
  { name: '4.20.0, embedded', payload: join(projectRoot, 'manifests/4.20.0'), options: {} },
  ...facts.map(({ release }) => ({ name: release, payload: upstreamPayload(release), options: needs(payloads) })),
])('payload $name', ({ payload, options }) => {
  describe('as kustomize makes it', options, () => {
    test.each(Object.entries(moves))('an empty patch gives what the payload has, KServe %s', (_name, move) => {
      let below = ''
      const copy = changed(payload, (tree) => (below = move(tree)))
      const { manifests, name, override } = generate(copy, {})
      expect(override()).toStrictEqual(renderedPayload(copy, below))

      // MicroShift applies directories in the order of their names.
      const installed = below.slice(manifestsBelow.length + 1).split('/')[0] ?? ''
      const order = [...readdirSync(join(copy, manifestsBelow)), ...readdirSync(manifests)].sort()
      expect(order.indexOf(name)).toBe(order.indexOf(installed) + 1)
      expect(readdirSync(join(manifests, name)).sort()).toEqual(['inferenceservice-config.yaml', 'kustomization.yaml'])
    })

    test('a change is in its key, and nowhere else', () => {
      const before = renderedPayload(payload, kserveBelow)
      const { override } = generate(payload, { ingress: { ingressDomain: 'apps.plant.example.com' }, explainers: null })
      const { ingress = '', ...data } = override().data
      const { ingress: old = '', explainers: _explainers, ...rest } = before.data
      expect(data).toStrictEqual(rest)
      expect(JSON.parse(ingress)).toStrictEqual({
        ...(JSON.parse(old) as object),
        ingressDomain: 'apps.plant.example.com',
      })
    })

    test('without a change there is no directory', () => {
      const directory = temporaryDirectory()
      edge([
        'generate',
        '-f',
        writeSpec(directory, { models, kserve: {} }),
        '--payload',
        payload,
        '-o',
        join(directory, 'out'),
      ])
      expect(readdirSync(join(directory, 'out/manifests.d'))).toEqual(['100-some-bundle'])
    })
  })
})

describe('the directory sorts after KServe and before what is next', () => {
  test.each([
    ['010-kserve', '050-runtimes', '011-some-bundle-kserve-config'],
    ['001-kserve', '002-a-low-latency', '001-kserve-some-bundle-kserve-config'],
    ['001-kserve', '002-zebra', '002-some-bundle-kserve-config'],
    ['099-kserve', '100-zebra', '099-kserve-some-bundle-kserve-config'],
    ['999-kserve', '050-runtimes', '999-kserve-some-bundle-kserve-config'],
    ['9-kserve', '99-zebra', '9-kserve-some-bundle-kserve-config'],
    ['kserve', 'runtimes', 'kserve-some-bundle-kserve-config'],
  ])('%s, %s', (kserve, next, expected) => {
    const payload = changed(join(projectRoot, 'manifests/4.20.0'), (tree) => {
      renameSync(join(tree, kserveBelow), join(tree, manifestsBelow, kserve))
      renameSync(join(tree, runtimesBelow), join(tree, manifestsBelow, next))
    })
    expect(generate(payload, {}).name).toBe(expected)
  })

  test('a name that nothing can be built upon is refused', () => {
    const payload = changed(join(projectRoot, 'manifests/4.20.0'), (tree) =>
      renameSync(join(tree, kserveBelow), join(tree, manifestsBelow, 'k serve\\')),
    )
    expect(findings(payload, {})).toMatchObject({ status: 1, codes: ['kserve-config-directory'] })
  })
})

describe('kustomizations of other shapes', () => {
  const embedded = join(projectRoot, 'manifests/4.20.0')
  const kustomization = `${kserveBelow}/kustomization.yaml`
  const inner = `${kserveBelow}/overlays/odh/kustomization.yaml`
  const patchFile = 'inferenceservice-config-microshift-patch.yaml'

  const shapes: Readonly<Record<string, (payload: string) => void>> = {
    'patchesStrategicMerge, by path and inline': (payload) =>
      edit(join(payload, kustomization), (text) =>
        text.replace(
          /patches:\n[^]*/,
          `patchesStrategicMerge:\n- ${patchFile}\n- |-\n  apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: inferenceservice-config, namespace: kserve, annotations: {some: note}}\n  data: {service: null, router: '{"image": "x"}'}\n`,
        ),
      ),
    'JSON patches with a target, which run in their order': (payload) =>
      edit(
        join(payload, kustomization),
        (text) =>
          `${text}\n  - target: {kind: Config.*, name: inferenceservice-.*, namespace: kserve}\n    patch: |-\n      - {op: replace, path: /data/deploy, value: '{"defaultDeploymentMode": "RawDeployment", "x": "$(kserve-agent) $$ $(nobody)"}'}\n      - {op: remove, path: /data/explainers}\n  - path: ${patchFile}\n    target: {name: another}\n`,
      ),
    'patchesJson6902 after labels': (payload) =>
      edit(
        join(payload, kustomization),
        (text) =>
          `${text}\ncommonLabels: {some: label}\ncommonAnnotations: {some: note}\npatchesJson6902:\n- target: {version: v1, kind: ConfigMap, name: inferenceservice-config}\n  patch: '[{"op": "remove", "path": "/metadata/labels/some"}, {"op": "add", "path": "/data/deploy", "value": "{}"}]'\n`,
      ),
    'bases, another name of the file, a List, other kinds beside it': (payload) => {
      edit(join(payload, inner), (text) => text.replace('resources:', 'bases:'))
      const config = join(payload, kserveBelow, 'configmap')
      renameSync(join(config, 'kustomization.yaml'), join(config, 'Kustomization'))
      edit(
        join(config, 'inferenceservice.yaml'),
        (text) =>
          `apiVersion: v1\nkind: List\nitems:\n- ${text
            .replace(/^#.*\n/gm, '')
            .trimEnd()
            .replaceAll('\n', '\n  ')}\n- {apiVersion: v1, kind: Service, metadata: {name: some-service}}\n`,
      )
    },
    'literals and files for what $(name) stands for': (payload) => {
      edit(join(payload, inner), (text) =>
        text.replace(
          / {4}envs:\n {6}- params.env\n/,
          '    literals: [\'kserve-agent="quay.io/a/agent:1"\', kserve-router=quay.io/a/router:1, kserve-controller=c:1]\n    files: [kserve-storage-initializer=init.txt, oauth-proxy]\n',
        ),
      )
      writeFiles(join(payload, kserveBelow, 'overlays/odh'), {
        'init.txt': 'quay.io/a/init:1',
        'oauth-proxy': 'quay.io/a/proxy:1',
      })
    },
    'a component': (payload) => {
      edit(join(payload, kustomization), (text) => `${text}\ncomponents: [component]\n`)
      writeFiles(join(payload, kserveBelow, 'component'), {
        'kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches:\n- patch: |-\n    kind: ConfigMap\n    apiVersion: v1\n    metadata: {name: inferenceservice-config, namespace: kserve}\n    data: {security: '{}', deploy: component}\n`,
      })
    },
  }

  test.each(Object.entries(shapes))('%s', (_, change) => {
    const payload = changed(embedded, change)
    expect(generate(payload, {}).override()).toStrictEqual(rendered(join(payload, kserveBelow)))
  })

  const broken: Readonly<Record<string, readonly [code: string, change: (payload: string) => void]>> = {
    'a resource that is not there': [
      'kserve-config-unreadable',
      (payload) => rmSync(join(payload, kserveBelow, 'namespace.yaml')),
    ],
    'a patch that is not there': [
      'kserve-config-unreadable',
      (payload) => rmSync(join(payload, kserveBelow, patchFile)),
    ],
    'a file of variables that is not there': [
      'kserve-config-unreadable',
      (payload) => rmSync(join(payload, kserveBelow, 'overlays/odh/params.env')),
    ],
    'a kustomization that is no YAML': ['yaml-syntax', (payload) => writeFileSync(join(payload, inner), 'a: [')],
    'a kustomization that is a list': [
      'kserve-config-unreadable',
      (payload) => writeFileSync(join(payload, inner), '[]'),
    ],
    'resources that are no list': [
      'kserve-config-unreadable',
      (payload) =>
        edit(join(payload, kustomization), (text) => text.replace(/resources:\n(?:.*- .*\n)*/, 'resources: some\n')),
    ],
    'resources that are no paths': [
      'kserve-config-unreadable',
      (payload) =>
        edit(join(payload, kustomization), (text) =>
          text.replace(
            'resources:',
            'resources:\n  - {}\n  - https://example.com/base\n  - ../../../../../../../etc\n',
          ),
        ),
    ],
    'a base that names itself': [
      'kserve-config-unreadable',
      (payload) =>
        edit(join(payload, kserveBelow, 'configmap/kustomization.yaml'), (text) =>
          text.replace('resources:', 'resources:\n  - ../configmap\n  - ../configmap'),
        ),
    ],
    'no kustomization': ['kserve-config-unreadable', (payload) => rmSync(join(payload, kustomization))],
    'a value that is no text': [
      'kserve-config-unreadable',
      (payload) =>
        edit(join(payload, kserveBelow, patchFile), (text) => text.replace(/^data:/m, 'data:\n  some: [list]')),
    ],
    'a base that is no YAML': [
      'yaml-syntax',
      (payload) => edit(join(payload, kserveBelow, 'configmap/inferenceservice.yaml'), (text) => `${text}\n]`),
    ],
    'a JSON patch that does not apply': [
      'kserve-config-unreadable',
      (payload) =>
        edit(
          join(payload, kustomization),
          (text) =>
            `${text}\n  - target: {kind: ConfigMap}\n    patch: '[{"op": "remove", "path": "/data/nothing"}]'\n`,
        ),
    ],
    'replacements in the ConfigMap': [
      'kserve-config-unreadable',
      (payload) =>
        edit(
          join(payload, kustomization),
          (text) =>
            `${text}\nreplacements: [{source: {kind: ConfigMap}, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.deploy]}]}]\n`,
        ),
    ],
    'a suffix': [
      'kserve-config-unreadable',
      (payload) => edit(join(payload, kustomization), (text) => `${text}\nnameSuffix: -x\n`),
    ],
  }

  test.each(Object.entries(broken))('%s is a finding with its place', (_, [code, change]) => {
    const { status, codes, text } = findings(changed(embedded, change), {})
    expect({ status, codes }).toMatchObject({ status: 1, codes: expect.arrayContaining([code]) as unknown })
    expect(text).toContain(manifestsBelow)
    // The same payload is good enough for who changes nothing.
    expect(
      edge(['validate', '-f', writeSpec(temporaryDirectory(), { models }), '--payload', changed(embedded, change)])
        .status,
    ).toBe(0)
  })
})

describe('images', () => {
  const payload = join(projectRoot, 'manifests/4.20.0')
  const mirrored = `mirror.local:5000/modh/kserve-agent@${someDigest}`
  const agentOf = ({ data }: ConfigMap, key: string) => (JSON.parse(data[key] ?? '') as { image: string }).image

  test.each(['kserve-agent', releaseInfo(payload).images['kserve-agent'] ?? ''])(
    'spec.images replaces %s in all keys',
    (key) => {
      const { override, stderr } = generate(payload, { logger: { cpuLimit: '2' } }, { images: { [key]: mirrored } })
      const map = override()
      expect(['agent', 'batcher', 'logger'].map((one) => agentOf(map, one))).toEqual([mirrored, mirrored, mirrored])
      expect(agentOf(map, 'router')).toBe(releaseInfo(payload).images['kserve-router'])
      expect(stderr).not.toContain('image-override-unused')
    },
  )

  test('$(name) in a change is filled in', () => {
    expect(agentOf(generate(payload, { router: { image: '$(kserve-agent)' } }).override(), 'router')).toBe(
      releaseInfo(payload).images['kserve-agent'],
    )
    expect(findings(payload, { router: { image: '$(kserve-agnet)' } })).toMatchObject({
      status: 1,
      codes: ['kserve-config-variable'],
    })
  })
})

test('names that the example alone has are known', needs(payloads), () => {
  expect(
    findings(upstreamPayload('4.21.29'), {
      opentelemetryCollector: { scrapeInterval: '10s' },
      inferenceService: { resource: { cpuLimit: '2', cpuRequest: null } },
    }),
  ).toMatchObject({ status: 0, codes: ['image-without-digest'] })
})
