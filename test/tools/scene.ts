import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateBundle } from './bootcBundle.ts'
import { openWorkshop, type Workshop } from './imageBuild.ts'
import { releaseInfoBelow } from './payload.ts'
import { type Layer, makeLayer, pushImage, pushIndex, type Registry, startRegistry } from './registry.ts'

/** A registry with made-up images, a base image whose release they are, and a spec that uses them. */
export interface Scene {
  readonly registry: Registry
  readonly workshop: Workshop
  /** The release-info's images: KServe's controller and OVMS. */
  readonly images: Readonly<Record<string, string>>
  /** MicroShift's own image. */
  readonly core: string
  /** The layer that the models have in common. */
  readonly modelBase: Layer
  readonly models: readonly { readonly name: string; readonly source: string; readonly format: string }[]
  /** Generates a bundle, in a directory of that name; `more` is laid over its spec. */
  readonly generate: (name: string, more?: SceneSpec) => string
  readonly close: () => void
}

interface SceneSpec {
  readonly bootc?: object
  readonly models?: readonly object[]
  readonly [field: string]: unknown
}

/**
 * Sets up what an image build needs: an OCI image, one of Docker's schema 2, an index of two architectures, layers that images
 * share, references by digest, by tag and by both.
 */
export const openScene = async (): Promise<Scene> => {
  const held = mkdtempSync(join(tmpdir(), 'edge-registry-'))
  const registry = await startRegistry(held)
  const at = (repository: string) => `${registry.host}/${repository}`
  const system = makeLayer({ 'bin/sh': randomBytes(300_000) })
  const base = makeLayer({ 'bin/ls': randomBytes(200_000) })
  const small = (name: string) => makeLayer({ [name]: randomBytes(20_000) })
  const controller = await pushImage(at('kserve/controller'), { layers: [system, small('manager')] })
  const ovms = await pushImage(at('servers/ovms'), { layers: [system, small('ovms')], type: 'docker' })
  const one = await pushIndex(at('models/one'), [
    { layers: [base, small('models/one')] },
    { layers: [small('arm/ls'), small('models/one')], architecture: 'arm64' },
  ])
  await pushImage(at('models/two'), { layers: [base, small('models/two')] }, '1.0')
  const three = await pushImage(at('models/three'), { layers: [base, small('models/three')] })
  const core = `${at('core/router')}@${await pushImage(at('core/router'), { layers: [system, small('router')] })}`
  const images = {
    'kserve-controller': `${at('kserve/controller')}@${controller}`,
    'kserve-agent': `${at('kserve/agent')}:not-there`,
    'ovms-image': `${at('servers/ovms')}@${ovms}`,
  }
  const models = [
    { name: 'one', source: `oci://${at('models/one')}@${one}`, format: 'onnx' },
    { name: 'two', source: `oci://${at('models/two')}:1.0`, format: 'onnx' },
    { name: 'three', source: `oci://${at('models/three')}:2.0@${three}`, format: 'onnx' },
  ]
  const workshop = await openWorkshop(registry.host, {
    'usr/share/microshift/release/release-x86_64.json': JSON.stringify({
      release: { base: '4.20.0' },
      images: { router: core },
    }),
    // The same content as that of the payload, in other bytes.
    [releaseInfoBelow]: JSON.stringify({ images, release: { base: '2.22.1' } }, undefined, 4),
    'usr/bin/bootc': '#!/bin/sh\necho "bootc $*" > /usr/share/linted\n',
    'usr/lib/systemd/system/microshift.service':
      '[Service]\nExecStart=/usr/bin/true\n[Install]\nWantedBy=multi-user.target\n',
    'usr/lib/microshift/manifests.d/050-some/kustomization.yaml': 'resources: []\n',
    [`etc/containers/certs.d/${registry.secureHost}/ca.crt`]: registry.certificate,
    'usr/bin/dnf': '#!/bin/sh\nfor word; do echo "$word"; done >> /usr/share/installed\n',
  })
  return {
    registry,
    workshop,
    images,
    core,
    modelBase: base,
    models,
    generate: (name, { bootc, ...more } = {}) =>
      generateBundle(join(workshop.directory, name), images, {
        models,
        ...more,
        bootc: { from: workshop.base, install: false, ...bootc },
      }),
    close: () => {
      workshop.close()
      registry.close()
      rmSync(held, { recursive: true, force: true })
    },
  }
}
