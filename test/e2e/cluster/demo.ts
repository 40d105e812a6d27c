import { join } from 'node:path'
import { expect } from 'vitest'
import { edge } from '../../tools/edge.ts'
import type { FakeObject } from '../../tools/fakeApiServer.ts'
import { kustomizeBuild } from '../../tools/kubectl.ts'
import { readYaml, someDigest, writeSpec } from '../../tools/spec.ts'
import { goodDevice } from './device.ts'

/** A bundle, and a device on which it was applied and all is well. */
export interface Demo {
  readonly bundle: string
  readonly device: readonly FakeObject[]
  /** The same for the site `amd`. */
  readonly site: readonly FakeObject[]
  /** What the bundle's probes/rbac.yaml holds. */
  readonly rbac: readonly FakeObject[]
}

/** Makes a bundle of two models, a configuration and a site; what it applies is rendered by real kustomize. */
export const makeDemo = (directory: string): Demo => {
  const bundle = join(directory, 'out')
  const source = (name: string) => `oci://registry.example.com/models/${name}@${someDigest}`
  const file = writeSpec(
    directory,
    {
      namespace: 'ai',
      models: [
        { name: 'resnet', source: source('resnet'), format: 'openvino_ir' },
        {
          name: 'granite',
          source: source('granite'),
          format: 'vLLM',
          accelerator: 'nvidia',
          servedName: 'assistant',
          expose: { certificateSecret: 'granite-tls' },
        },
      ],
      endpoints: [{ name: 'assistant', to: { granite: 100 } }],
      kserve: { config: { ingress: { disableIngressCreation: false, ingressDomain: 'apps.plant.example.com' } } },
      sites: [
        {
          name: 'amd',
          baseDomain: 'amd.example.com',
          models: {
            granite: { accelerator: 'amd' },
            resnet: null,
            extra: { source: source('extra'), format: 'onnx', runtime: 'kserve-ovms' },
          },
        },
      ],
    },
    'demo',
  )
  expect(edge(['generate', '-f', file, '-o', bundle, '--log-level', 'error'])).toEqual({
    status: 0,
    stdout: '',
    stderr: '',
  })
  const rendered = (workload: string) =>
    goodDevice(
      ['manifests.d/011-demo-kserve-config', workload].flatMap((path) =>
        kustomizeBuild(join(bundle, path)),
      ) as FakeObject[],
    )
  return {
    bundle,
    device: rendered('manifests.d/100-demo'),
    site: rendered('overlays/amd'),
    rbac: (readYaml(bundle, 'probes/rbac.yaml') as { items: FakeObject[] }).items,
  }
}
