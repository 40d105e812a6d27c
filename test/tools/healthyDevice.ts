import type { ExpectedDocument, ExpectedObject } from '../../src/kubernetes/compared.ts'
import { compared, secretArgument } from '../../src/workloads/kserve/compared.ts'
import { Device, type DeviceFile } from './device.ts'
import { withFakeOc } from './fakeOc.ts'

/** What the fake `oc` answers when the health check asks for the live objects. */
export const live =
  'answers/deployments.apps,inferenceservices.serving.kserve.io,namespaces,servingruntimes.serving.kserve.io'

const wanted = {
  args: ['--a=1', '--b'],
  env: [
    { name: 'A', value: '' },
    { name: 'B', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
  ],
  resources: { requests: { cpu: '1000m', memory: '1.5Gi' }, limits: { memory: '2Gi', 'nvidia.com/gpu': '1' } },
}
/** The same as KServe and the API server write it. */
const defaulted = {
  args: wanted.args,
  env: [{ name: 'A' }, { name: 'B', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.hostIP' } } }],
  resources: {
    requests: { cpu: '1', memory: '1536Mi' },
    limits: { cpu: 1, memory: '2Gi', 'nvidia.com/gpu': 1 },
  },
  name: '',
}

const source = 'internal.serving.kserve.io/storage-initializer-sourceuri'

export const expectedFile = 'usr/lib/edge/probes/expected.json'

/** What a bundle wants of its one model, `m`: probes/expected.json. */
export const wants = (
  storageUri = 'oci://quay.io/org/m:v2',
  more: Partial<ExpectedDocument> = {},
  objects: Readonly<Record<string, ExpectedObject>> = {},
): ExpectedDocument => ({
  apiVersion: 'edge.microshift.dev/v1alpha1',
  kind: 'Expected',
  name: 'plant',
  namespace: 'ai-demo',
  baseDomain: 'example.com',
  kinds: compared,
  secretArgument,
  objects: {
    'Namespace/ai-demo': { metadata: {} },
    'InferenceService/m': {
      spec: {
        predictor: { minReplicas: 1, maxReplicas: 1, model: { ...wanted, storageUri, runtime: 'kserve-ovms' } },
      },
    },
    'ServingRuntime/kserve-ovms': {
      spec: { containers: [{ name: 'kserve-container', image: 'quay.io/org/ovms:v2' }] },
    },
    'Deployment/m-predictor': {
      spec: {
        template: {
          metadata: { annotations: { [source]: storageUri } },
          spec: { containers: [{ name: 'kserve-container', image: 'quay.io/org/ovms:v2' }] },
        },
      },
    },
    ...objects,
  },
  siteObjects: {},
  sites: {},
  ...more,
})

/** What the cluster has of it, as KServe makes it: by default what the bundle wants. */
export const objects = (
  is: {
    storageUri?: string
    image?: string
    podSource?: string
    podImage?: string
    observed?: number
    maxReplicas?: number
    model?: Readonly<Record<string, unknown>>
  } = {},
) => {
  const { storageUri = 'oci://quay.io/org/m:v2', image = 'quay.io/org/ovms:v2' } = is
  const annotations = { [source]: is.podSource ?? storageUri }
  const containers = [
    { name: 'kserve-container', image: is.podImage ?? image },
    { name: 'modelcar', image: 'x' },
  ]
  return JSON.stringify({
    items: [
      { kind: 'Namespace', metadata: { name: 'ai-demo' } },
      { kind: 'Namespace', metadata: { name: 'openshift-ingress' } },
      {
        kind: 'InferenceService',
        metadata: { name: 'm' },
        spec: {
          predictor: {
            minReplicas: 1,
            maxReplicas: is.maxReplicas ?? 1,
            model: { ...defaulted, storageUri, runtime: 'kserve-ovms', ...is.model },
          },
        },
      },
      {
        kind: 'ServingRuntime',
        metadata: { name: 'kserve-ovms' },
        spec: { containers: [{ name: 'kserve-container', image }] },
      },
      {
        kind: 'Deployment',
        metadata: { name: 'm-predictor', generation: 2 },
        spec: { template: { metadata: { annotations }, spec: { containers } } },
        status: { observedGeneration: is.observed ?? 2 },
      },
    ],
  })
}

/** A device whose cluster has what the bundle wants, with a fake `microshift` and a fake `verify.sh` that say what they are given. */
export const healthyDevice = (more: DeviceFile = {}): Device => {
  const device = new Device(more)
  withFakeOc(device)
  device.write(expectedFile, JSON.stringify(wants()))
  device.write(live, objects())
  device.write(
    'usr/lib/edge/probes/verify.sh',
    'echo "ok - verify $*" | sed "s/--wait [0-9]*/--wait N/"\nif [ -n "${EDGE_TEST_TOKEN-}" ]; then cat "$9"; fi\nexit "${EDGE_TEST_VERIFY-0}"\n',
  )
  device.program(
    'microshift',
    'case $* in *--help) exit "${EDGE_TEST_HELP-0}" ;; esac\necho "microshift $*" | sed "s/timeout=[0-9]*s/timeout=Ns/"\nexit "${EDGE_TEST_READY-0}"\n',
  )
  return device
}
