import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasErrors } from '../../src/findings/finding.ts'
import { load } from '../../src/input/load.ts'
import { embeddedPayload, exampleNames, exampleSpec, toolVersion } from '../../src/packaged.ts'
import { render } from '../../src/render/render.ts'
import { renderLock } from '../../src/render/lock.ts'
import { locateFindings } from '../../src/report/located.ts'
import { reportText } from '../../src/report/text.ts'
import { makeTar, ociFiles } from '../tools/imageArchive.ts'
import type { Target } from './hold.ts'
import { inPlace, put } from './places.ts'

/** Plans and renders a spec, as `generate` does, and gives its report and the files that people and programs read line by line. */
const planned = async (options: Parameters<typeof load>[0]): Promise<string[]> => {
  const { plan, findings, documents } = await load(options)
  const shown: string[] = [reportText(locateFindings(findings, documents), false)]
  if (plan === undefined || hasErrors(findings)) return shown
  for (const { path, content } of render(plan, toolVersion))
    if (
      typeof content === 'string' &&
      /(?:README\.md|Containerfile|\.containerfile|\.txt|^probes\/[^/]+\.sh)$/.test(path)
    )
      shown.push(content)
  return shown
}

const digest = 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
/** A spec with one model, and more fields of `spec` as JSON. */
const specWith = (
  more: Readonly<Record<string, unknown>>,
  source = `oci://registry.example.com/m/a@${digest}`,
): string =>
  JSON.stringify({
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'EdgeBundle',
    metadata: { name: 'fuzz' },
    spec: { models: [{ name: 'a', source, format: 'onnx' }], ...more },
  })

/** A file beside a spec that stays the same. */
const beside = (name: string, file: string, spec: string, seeds: Target['seeds']): Target => ({
  name,
  seeds,
  run: async (input) => {
    put(`${name}/${file}`, input)
    return planned({ filename: put(`${name}/edge.yaml`, spec) })
  },
})

const manifests = 'usr/lib/microshift/manifests.d'
const payload = embeddedPayload('4.20.0')

/** A file of a payload. */
const ofPayload = (name: string, file: string, more: Readonly<Record<string, unknown>> = {}): Target => ({
  name,
  seeds: () => [readFileSync(join(payload, file))],
  run: async (input) => {
    if (!existsSync(inPlace(name))) cpSync(payload, inPlace(`${name}/payload`), { recursive: true })
    put(`${name}/payload/${file}`, input)
    return planned({ filename: put(`${name}/edge.yaml`, specWith(more)), payload: inPlace(`${name}/payload`) })
  },
})

const kserve = { kserve: { config: { ingress: { disableIngressCreation: false }, credentials: null } } }
const kserveDirectory = `${manifests}/010-microshift-ai-model-serving-kserve`

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: plugin, namespace: plugins}
spec:
  template:
    spec:
      containers: [{name: c, image: "registry.example.com/plugin:1"}]
`

const archive = (name: string, transport: string, files: Readonly<Record<string, string>>): Target =>
  beside(name, 'image.tar', specWith({}, `${transport}:image.tar`), () => [
    makeTar(files),
    makeTar(files, { style: 'pax' }),
    makeTar(files, { style: 'gnu', unended: true }),
  ])

/** All that becomes a plan. */
export const planningTargets: readonly Target[] = [
  {
    name: 'spec',
    seeds: () => [
      ...exampleNames().map((example) => readFileSync(exampleSpec(example))),
      ...readdirSync('test/cases').map((one) => readFileSync(`test/cases/${one}/edge.yaml`)),
    ],
    run: async (input) => planned({ filename: put('spec/edge.yaml', input) }),
  },
  ofPayload('payload-runtime', `${manifests}/050-microshift-ai-model-serving-runtimes/ovms-kserve.yaml`),
  ofPayload('payload-release', 'usr/share/microshift/release/release-ai-model-serving-x86_64.json'),
  ofPayload('payload-kustomization', `${kserveDirectory}/kustomization.yaml`, kserve),
  ofPayload('payload-configuration', `${kserveDirectory}/configmap/inferenceservice.yaml`, kserve),
  ofPayload('payload-configuration-patch', `${kserveDirectory}/inferenceservice-config-microshift-patch.yaml`, kserve),
  beside('runtimes', 'own.yaml', specWith({ runtimes: ['own.yaml'] }), () => [
    readFileSync('test/cases/own-runtime/runtimes/triton.yaml'),
    readFileSync(join(payload, manifests, '050-microshift-ai-model-serving-runtimes/vllm-cuda.yaml')),
  ]),
  beside('extra-manifest', 'extra.yaml', specWith({ extraManifests: ['extra.yaml'] }), () => [
    deployment,
    readFileSync('test/cases/extra-manifests/plugin.yaml'),
  ]),
  {
    ...beside('extra-kustomization', 'extra/kustomization.yaml', specWith({ extraManifests: ['extra'] }), () => [
      'resources: [deployment.yaml]\nimages: [{name: registry.example.com/plugin, newTag: "2"}]\nnamespace: plugins\n',
      readFileSync('test/cases/extra-manifests/with-kustomization/kustomization.yaml'),
    ]),
    run: async (input) => {
      put('extra-kustomization/extra/deployment.yaml', deployment)
      put('extra-kustomization/extra/kustomization.yaml', input)
      return planned({ filename: put('extra-kustomization/edge.yaml', specWith({ extraManifests: ['extra'] })) })
    },
  },
  beside('lock', 'edge.lock.yaml', specWith({}), () => [
    readFileSync('test/cases/locked/edge.lock.yaml'),
    renderLock({
      images: [
        {
          reference: `registry.example.com/m/a@${digest}`,
          digest,
          type: 'index',
          image: digest,
          architectures: ['amd64', 'arm64'],
          size: 3000,
          allSize: 9000,
          entrypoint: ['/bin/sh'],
          layers: [{ digest, size: 1000 }],
        },
      ],
    }),
  ]),
  archive('archive-oci', 'oci-archive', ociFiles({}).files),
  archive('archive-docker', 'docker-archive', {
    'manifest.json': JSON.stringify([
      { Config: 'c.json', RepoTags: ['registry.example.com/m/a:1'], Layers: ['l.tar'] },
    ]),
    'c.json': JSON.stringify({ os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/bin/sh'] } }),
    'l.tar': 'a layer',
  }),
]
