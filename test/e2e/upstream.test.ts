import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { kustomizeBuild } from '../tools/kubectl.ts'
import {
  acceleratorsOf,
  copyTree,
  cutSchemas,
  kserveBelow,
  payloadRuntimes,
  releaseInfo,
  type Runtime,
  runtimesBelow,
  withImages,
} from '../tools/payload.ts'
import { modelSource, readYaml, someDigest, writeSpec } from '../tools/spec.ts'
import { needs, payloads } from '../tools/needs.ts'
import { upstreamPayload } from '../tools/upstream.ts'
import { facts } from './upstreamFacts.ts'

const namespace = 'some-namespace'
const workload = 'manifests.d/100-some-bundle'
const acceleratorNames: Readonly<Record<string, string>> = {
  'nvidia.com/gpu': 'nvidia',
  'amd.com/gpu': 'amd',
  'habana.ai/gaudi': 'gaudi',
}

interface RenderedObject {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly annotations?: Readonly<Record<string, string>>
  }
  readonly spec: Readonly<Record<string, unknown>>
}

/** The smallest model that a runtime serves: its first format, its accelerator; kserve-ovms also runs without. */
const modelFor = (runtime: Runtime): Record<string, unknown> => {
  const [format] = runtime.spec.supportedModelFormats
  const [accelerator] = runtime.metadata.name === 'kserve-ovms' ? [] : acceleratorsOf(runtime)
  return {
    name: 'some-model',
    source: modelSource,
    format: format?.version === undefined ? format?.name : { name: format.name, version: format.version },
    runtime: runtime.metadata.name,
    ...(accelerator === undefined ? {} : { accelerator: acceleratorNames[accelerator] }),
  }
}

/** Generates a bundle from one model; gives where it is and how it went. */
const generate = (payload: string, model: object, spec: object = {}) => {
  const directory = temporaryDirectory()
  const file = writeSpec(directory, { payload: { path: payload }, namespace, ...spec, models: [model] })
  return { bundle: join(directory, 'out'), ...edge(['generate', '-f', file, '-o', join(directory, 'out')]) }
}

const byKind = (objects: readonly unknown[], kind: string): RenderedObject => {
  const found = (objects as RenderedObject[]).filter((object) => object.kind === kind)
  expect(found).toHaveLength(1)
  return found[0] as RenderedObject
}

/** Holds a bundle to what it has to be: as edge wrote it, and as kustomize renders it. */
const expectBundle = (
  bundle: string,
  runtime: Runtime,
  images: Readonly<Record<string, string>>,
  port: number | undefined,
) => {
  const wanted = withImages(runtime, images)
  expect(readYaml(bundle, workload, `servingruntime-${runtime.metadata.name}.yaml`)).toStrictEqual(wanted)

  const pulled = [
    images['kserve-controller'],
    ...wanted.spec.containers.map(({ image }) => image),
    modelSource.replace('oci://', ''),
  ]
  expect(readFileSync(join(bundle, 'images/images.txt'), 'utf8')).toBe(
    pulled.map((reference) => `${reference}\n`).join(''),
  )

  const rendered = kustomizeBuild(join(bundle, workload)) as RenderedObject[]
  expect(rendered.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`).sort()).toEqual([
    `InferenceService ${namespace}/some-model`,
    `Namespace /${namespace}`,
    `NetworkPolicy ${namespace}/router-and-namespace`,
    `Route ${namespace}/some-model-predictor`,
    `ServingRuntime ${namespace}/${runtime.metadata.name}`,
  ])
  // Whole, so that {{.Name}} and all else came through kustomize as the payload has it.
  expect(byKind(rendered, 'ServingRuntime')).toStrictEqual({ ...wanted, metadata: { ...wanted.metadata, namespace } })
  expect(JSON.stringify(byKind(rendered, 'ServingRuntime')).split('{{.Name}}')).toHaveLength(
    JSON.stringify(runtime).split('{{.Name}}').length,
  )

  const { spec } = byKind(rendered, 'InferenceService')
  expect(spec).toMatchObject({
    predictor: {
      model: {
        runtime: runtime.metadata.name,
        storageUri: modelSource,
        modelFormat: { name: runtime.spec.supportedModelFormats[0]?.name },
      },
    },
  })
  expect(byKind(rendered, 'Route').spec).toMatchObject({
    to: { kind: 'Service', name: 'some-model-predictor' },
    port: { targetPort: port },
  })
}

describe('a bundle from the real payload', needs(payloads), () => {
  for (const { release, runtimes, unusable, autoscalerClass } of facts) {
    const payload = upstreamPayload(release)

    describe(release, () => {
      test.each(runtimes.filter(({ name }) => name !== unusable?.runtime))('$name', ({ name, port }) => {
        const runtime = runtimeOf(payload, name)
        const { bundle, status, stderr } = generate(payload, modelFor(runtime))

        expect({ status, stderr }).toMatchObject({ status: 0 })
        expectBundle(bundle, runtime, releaseInfo(payload).images, port)
      })

      if (unusable !== undefined) {
        test(`${unusable.runtime} is refused, and works once spec.images says what to pull`, () => {
          const runtime = runtimeOf(payload, unusable.runtime)
          const refused = generate(payload, modelFor(runtime))
          expect(refused.status).toBe(2)
          expect(refused.stderr).toContain(`[${unusable.code}]`)
          for (const part of unusable.help) expect(refused.stderr).toContain(part)
          expect(refused.stderr).not.toMatch(/\n\s+at /)

          const images = { [unusable.placeholder]: `registry.example.com/replaced@${someDigest}` }
          const { bundle, status, stderr } = generate(payload, modelFor(runtime), { images })
          expect({ status, stderr }).toMatchObject({ status: 0 })
          expectBundle(
            bundle,
            runtime,
            { ...releaseInfo(payload).images, ...images },
            runtimes.find(({ name }) => name === unusable.runtime)?.port,
          )
        })
      }

      test.each([1, 3] as const)('scales as this KServe can: %i replicas', (replicas) => {
        const { bundle, status } = generate(payload, { ...modelFor(runtimeOf(payload, 'kserve-ovms')), replicas })
        const service = readYaml(bundle, workload, 'inferenceservice-some-model.yaml') as RenderedObject

        expect(status).toBe(0)
        expect(service.metadata.annotations?.['serving.kserve.io/autoscalerClass']).toBe(autoscalerClass[replicas])
        expect(service.spec).toMatchObject({ predictor: { minReplicas: replicas, maxReplicas: replicas } })
      })

      test('builds with kustomize itself: its own directories', () => {
        const tree = join(temporaryDirectory(), 'payload')
        copyTree(payload, tree)
        cutSchemas(tree)
        const names = (directory: string, kind: string) =>
          (kustomizeBuild(join(tree, directory)) as RenderedObject[])
            .filter((object) => object.kind === kind)
            .map(({ metadata }) => metadata.name)
        expect(names(runtimesBelow, 'ServingRuntime').sort()).toEqual(runtimes.map(({ name }) => name))
        expect(names(kserveBelow, 'ConfigMap')).toContain('inferenceservice-config')
      })
    })
  }
})

const runtimeOf = (payload: string, name: string): Runtime => {
  const found = payloadRuntimes(payload).find(({ metadata }) => metadata.name === name)
  if (found === undefined) throw new Error(`${payload} has no ServingRuntime ${name}`)
  return found
}
