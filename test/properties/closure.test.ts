import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import { projectRoot } from '../tools/root.ts'

/**
 * Every image that anything in a bundle makes a device pull is in its lists, its image build and its device's data, and nothing
 * else is, wherever in an object it stands: objects that edge makes and patches change, ServingRuntimes of the payload and of the
 * user's own, manifests of the user's own, a kustomization among them. What counts as an image is said here once more and
 * independently: every text under `image`, every `reference` of an image volume, every `oci://` address in what kustomize makes.
 */

/** A place for an image, and what puts one there. */
type Place =
  | { readonly kind: 'model' | 'runtime'; readonly put: (image: string, index: number) => object }
  | { readonly kind: 'extra'; readonly put: (image: string, index: number) => object }

const container = (image: string, index: number) => ({ name: `c${index}`, image })
const volume = (image: string, index: number) => ({
  name: `v${index}`,
  image: { reference: image, pullPolicy: 'IfNotPresent' },
})
const pod = (spec: object) => ({ metadata: { labels: { app: 'x' } }, spec })
const apps = (kind: string, spec: object, index: number) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name: `o${index}`, namespace: 'closure' },
  spec: { selector: { matchLabels: { app: 'x' } }, template: pod(spec) },
})

const places: Readonly<Record<string, Place>> = {
  // Of the InferenceService that edge makes; the lists that operations add to are there.
  'model.image': { kind: 'model', put: (image) => ({ op: 'add', path: '/spec/predictor/model/image', value: image }) },
  sidecar: {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/predictor/containers/-', value: container(image, index) }),
  },
  'init container': {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/predictor/initContainers/-', value: container(image, index) }),
  },
  'image volume': {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/predictor/volumes/-', value: volume(image, index) }),
  },
  transformer: {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/transformer/containers/-', value: container(image, index) }),
  },
  'transformer volume': {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/transformer/volumes/-', value: volume(image, index) }),
  },
  worker: {
    kind: 'model',
    put: (image, index) => ({
      op: 'add',
      path: '/spec/predictor/workerSpec',
      value: { containers: [container(image, index)] },
    }),
  },
  explainer: {
    kind: 'model',
    put: (image, index) => ({ op: 'add', path: '/spec/explainer', value: { containers: [container(image, index)] } }),
  },
  // Of the payload's ServingRuntime.
  'runtime container': {
    kind: 'runtime',
    put: (image, index) => ({ op: 'add', path: '/spec/containers/-', value: container(image, index) }),
  },
  'runtime volume': {
    kind: 'runtime',
    put: (image, index) => ({ op: 'add', path: '/spec/volumes/-', value: volume(image, index) }),
  },
  'runtime init container': {
    kind: 'runtime',
    put: (image, index) => ({ op: 'add', path: '/spec/initContainers/-', value: container(image, index) }),
  },
  // Of manifests of the user's own.
  Deployment: {
    kind: 'extra',
    put: (image, index) => apps('Deployment', { containers: [container(image, index)] }, index),
  },
  DaemonSet: {
    kind: 'extra',
    put: (image, index) => apps('DaemonSet', { containers: [], initContainers: [container(image, index)] }, index),
  },
  'StatefulSet with a volume': {
    kind: 'extra',
    put: (image, index) => apps('StatefulSet', { containers: [], volumes: [volume(image, index)] }, index),
  },
  CronJob: {
    kind: 'extra',
    put: (image, index) => ({
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: `o${index}`, namespace: 'closure' },
      spec: {
        schedule: '0 0 * * *',
        jobTemplate: { spec: { template: pod({ containers: [container(image, index)] }) } },
      },
    }),
  },
  'List of Pods': {
    kind: 'extra',
    put: (image, index) => ({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `o${index}`, namespace: 'closure' },
          spec: { containers: [container(image, index)], ephemeralContainers: [] },
        },
      ],
    }),
  },
  'ServingRuntime of others': {
    kind: 'extra',
    put: (image, index) => ({
      apiVersion: 'serving.kserve.io/v1alpha1',
      kind: 'ServingRuntime',
      metadata: { name: `o${index}`, namespace: 'closure' },
      spec: { containers: [container(image, index)] },
    }),
  },
  'InferenceService of others': {
    kind: 'extra',
    put: (image, index) => ({
      apiVersion: 'serving.kserve.io/v1beta1',
      kind: 'InferenceService',
      metadata: { name: `o${index}`, namespace: 'closure' },
      spec: { predictor: { model: { modelFormat: { name: 'onnx' }, storageUri: `oci://${image}` } } },
    }),
  },
  'custom resource': {
    kind: 'extra',
    put: (image, index) => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name: `o${index}`, namespace: 'closure' },
      spec: { driver: { image }, deep: [{ pods: [{ containers: [container(image, index)] }] }] },
    }),
  },
}

/** Lists that operations of patches add to: JSON Patch adds no item to what is not there. */
const lists = {
  model: [
    { op: 'add', path: '/spec/predictor/containers', value: [] },
    { op: 'add', path: '/spec/predictor/initContainers', value: [] },
    { op: 'add', path: '/spec/predictor/volumes', value: [] },
    { op: 'add', path: '/spec/transformer', value: { containers: [], volumes: [] } },
  ],
  runtime: [
    { op: 'add', path: '/spec/volumes', value: [] },
    { op: 'add', path: '/spec/initContainers', value: [] },
  ],
}

const imageOf = (index: number) =>
  `registry.example.com/closure/image-${index}@sha256:${index.toString(16).padStart(64, '0')}`

/** Every image in a value, as anyone would look for them. */
const imagesIn = (value: unknown): string[] => {
  if (Array.isArray(value)) return value.flatMap(imagesIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]): string[] => {
    if (typeof child === 'string')
      return key === 'image' ? [child] : child.startsWith('oci://') ? [child.slice('oci://'.length)] : []
    if (key === 'image' && typeof (child as { reference?: unknown } | null)?.reference === 'string')
      return [(child as { reference: string }).reference]
    return imagesIn(child)
  })
}

/** Runs edge over a spec with an image in each place, and gives what stands in its lists and what kustomize's output names. */
const closureOf = (names: readonly string[]) => {
  const directory = temporaryDirectory()
  const put = (kind: Place['kind']) =>
    names.flatMap((name, index) => {
      const place = places[name]
      return place?.kind === kind ? [place.put(imageOf(index + 1), index + 1)] : []
    })
  const extra = put('extra')
  mkdirSync(join(directory, 'own'))
  if (extra.length > 0)
    writeFileSync(
      join(directory, 'own/objects.yaml'),
      extra.map((object) => `---\n${JSON.stringify(object)}\n`).join(''),
    )
  writeFileSync(
    join(directory, 'edge.yaml'),
    JSON.stringify({
      apiVersion: 'edge.microshift.dev/v1alpha1',
      kind: 'EdgeBundle',
      metadata: { name: 'closure' },
      spec: {
        runtimePatches: { 'kserve-ovms': [...lists.runtime, ...put('runtime')] },
        ...(extra.length > 0 ? { extraManifests: ['own'] } : {}),
        models: [
          {
            name: 'inspector',
            source: `oci://${imageOf(0)}`,
            format: 'openvino_ir',
            patch: [...lists.model, ...put('model')],
          },
        ],
      },
    }),
  )
  const out = join(directory, 'out')
  const { status, stderr } = edge(['generate', '-f', join(directory, 'edge.yaml'), '-o', out, '--log-level', 'error'])
  expect(`${status} ${stderr}`).toBe('0 ')
  const read = (path: string) => readFileSync(join(out, path), 'utf8')
  const workload = imagesIn(kustomizeBuild(join(out, 'manifests.d/100-closure')))
  const carried = extra.length > 0 ? imagesIn(kustomizeBuild(join(out, 'manifests.d/090-closure-extra'))) : []
  const device = JSON.parse(read('bootc/rootfs/usr/lib/edge/device.json')) as { images: { reference: string }[] }
  return {
    named: [...new Set([...workload, ...carried])].sort(),
    lists: {
      'images.txt': read('images/images.txt').trim().split('\n'),
      Containerfile: [
        ...new Set(
          [...read('bootc/Containerfile').matchAll(/^RUN .*?(\[".*embed-image".*\])$/gm)]
            .flatMap(([, words = '[]']) => JSON.parse(words) as string[])
            .filter((word) => /@sha256:/.test(word))
            .map((word) => word.replace(/^docker:\/\//, '')),
        ),
      ],
      'device.json': device.images.map(({ reference }) => reference),
    },
  }
}

const controller = /\/kserve-controller@sha256:/

describe('the closure under mutation', () => {
  test('an image in any place of any object is in every list', () => {
    fc.assert(
      fc.property(fc.subarray(Object.keys(places), { minLength: 4 }), (names) => {
        const { named, lists: found } = closureOf(names)
        expect(named.filter((image) => image.startsWith('registry.example.com/closure/')).length).toBe(names.length + 1)
        for (const [list, references] of Object.entries(found))
          expect({ list, images: references.filter((image) => !controller.test(image)).sort() }).toEqual({
            list,
            images: named,
          })
      }),
      // Each run is two programs: all places at once, and then some of them.
      { numRuns: 6, seed: 1, examples: [[Object.keys(places)]] },
    )
  })

  test('of a folder with kustomizations it has what kustomize builds, and no more', () => {
    const out = join(temporaryDirectory(), 'out')
    const folder = join(projectRoot, 'test/cases/extra-kustomize')
    expect(edge(['generate', '-f', join(folder, 'edge.yaml'), '-o', out, '--log-level', 'error']).stderr).toBe('')
    const listed = readFileSync(join(out, 'images/images.txt'), 'utf8').trim().split('\n')
    const built = imagesIn(kustomizeBuild(join(out, 'manifests.d/090-kustomized-extra')))
    expect(listed.filter((image) => !controller.test(image)).sort()).toEqual([...new Set(built)].sort())
    expect(built.length).toBeGreaterThan(7)
  })

  test.each([
    ['model', { op: 'add', path: '/spec/predictor/logger', value: { mode: 'all', url: 'http://example.com' } }],
    ['model', { op: 'add', path: '/spec/predictor/batcher', value: { maxBatchSize: 4 } }],
  ] as const)('what a controller adds for a %s is there: %j', (_, operation) => {
    const directory = temporaryDirectory()
    const spec = {
      apiVersion: 'edge.microshift.dev/v1alpha1',
      kind: 'EdgeBundle',
      metadata: { name: 'added' },
      spec: {
        models: [{ name: 'inspector', source: `oci://${imageOf(0)}`, format: 'openvino_ir', patch: [operation] }],
      },
    }
    writeFileSync(join(directory, 'edge.yaml'), JSON.stringify(spec))
    const { stdout } = edge(['images', '-f', join(directory, 'edge.yaml')])
    expect(stdout).toMatch(/\/kserve-agent@sha256:[0-9a-f]{64}/)
  })
})
