import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import selfsigned from 'selfsigned'
import { checkCluster } from '../../src/cluster/checkCluster.ts'
import { connect } from '../../src/cluster/client.ts'
import { kubeconfigFor } from '../tools/fakeApiServer.ts'
import { reported } from './devices.ts'
import type { Target } from './hold.ts'
import { bundleOf, put } from './places.ts'

interface ApiServer {
  readonly kubeconfig: string
  /** What it says to all but the question for the namespace, which is there. */
  answer: Buffer
  status: number
}

let started: Promise<ApiServer> | undefined

const apiServer = async (): Promise<ApiServer> =>
  (started ??= (async () => {
    const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'fuzz' }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    })
    const server = createServer({ key, cert }, ({ url = '' }, response) => {
      const isNamespace = /\/namespaces\/[^/]+$/.test(url)
      response
        .writeHead(isNamespace ? 200 : api.status, { 'Content-Type': 'application/json' })
        .end(isNamespace ? '{"kind":"Namespace","status":{"phase":"Active"}}' : api.answer)
    })
    const api: { kubeconfig: string; answer: Buffer; status: number } = {
      kubeconfig: '',
      answer: Buffer.alloc(0),
      status: 200,
    }
    await new Promise<void>((resolve) => server.unref().listen(0, '127.0.0.1', resolve))
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    api.kubeconfig = put('kubeconfig', kubeconfigFor({ url, certificate: cert }))
    return api
  })())

const checked = async (status: number, input: Buffer): Promise<string[]> => {
  const { directory } = await bundleOf('ovms-resnet50', 'cluster')
  const api = await apiServer()
  Object.assign(api, { status, answer: input })
  const found = await checkCluster(directory, { kubeconfig: api.kubeconfig, timeoutSeconds: 5 })
  const checks = found.map(({ subject, ...one }) => ({ model: subject, ...one }))
  return reported([{ host: 'h', labels: {}, verdict: 'fail', seconds: 0, checks }])
}

const condition = { type: 'Ready', status: 'False', reason: 'Waiting', message: 'not yet' }
const name = 'ovms-resnet50'
const metadata = { name, namespace: 'ai-demo', generation: 2, labels: { 'serving.kserve.io/inferenceservice': name } }
const container = {
  name: 'kserve-container',
  image: 'registry.example.com/a:1',
  args: ['--port=1'],
  env: [{ name: 'A', value: 'b' }],
}
const objects: readonly Readonly<Record<string, unknown>>[] = [
  {
    metadata,
    spec: { predictor: { model: { ...container, modelFormat: { name: 'openvino_ir' }, storageUri: 'oci://a' } } },
    status: { conditions: [condition], modelStatus: { lastFailureInfo: { reason: 'ModelLoadFailed', message: 'no' } } },
  },
  {
    metadata: { ...metadata, name: 'kserve-ovms' },
    spec: { containers: [container], supportedModelFormats: [{ name: 'openvino_ir', version: 'opset13' }] },
  },
  {
    metadata: { ...metadata, name: `${name}-predictor` },
    spec: { replicas: 1, template: { spec: { containers: [container] } } },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 0, conditions: [condition] },
  },
  {
    metadata: { ...metadata, name: `${name}-predictor` },
    spec: { host: 'a.example.com', to: { kind: 'Service', name: 'x' }, port: { targetPort: 'http' } },
    status: { ingress: [{ host: 'a.example.com', conditions: [{ ...condition, type: 'Admitted' }] }] },
  },
  {
    metadata,
    spec: { containers: [container] },
    status: {
      phase: 'Pending',
      conditions: [condition],
      containerStatuses: [
        {
          name: 'kserve-container',
          imageID: 'sha256:1',
          restartCount: 3,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
          lastState: { terminated: { reason: 'Error', exitCode: 1 } },
        },
      ],
    },
  },
  {
    metadata,
    involvedObject: { kind: 'Pod', name },
    reason: 'Failed',
    message: 'pull',
    count: 3,
    lastTimestamp: '2026-01-01T00:00:00Z',
  },
  { metadata: { ...metadata, name: 'inferenceservice-config' }, data: { ingress: '{"a": 1}' } },
]

/** What API servers answer, and the files that say where they are. */
export const clusterTargets: readonly Target[] = [
  {
    name: 'api-server',
    seeds: () => [
      JSON.stringify({ kind: 'List', metadata: {}, items: objects, ...objects[6] }),
      ...objects.map((object) =>
        JSON.stringify({ kind: 'List', ...object, metadata: { ...metadata, continue: '' }, items: [object] }),
      ),
    ],
    run: async (input) => checked(200, input),
  },
  {
    name: 'api-server-status',
    seeds: () => [
      JSON.stringify({
        kind: 'Status',
        status: 'Failure',
        message: 'pods is forbidden',
        reason: 'Forbidden',
        code: 403,
      }),
      '404 page not found\n',
    ],
    run: async (input) => [...(await checked(403, input)), ...(await checked(404, input))],
  },
  {
    name: 'kubeconfig',
    seeds: () => [
      kubeconfigFor({ url: 'https://192.0.2.1:6443', certificate: 'x' }),
      JSON.stringify({
        clusters: [
          {
            name: 'c',
            cluster: { server: 'https://a.example.com', 'certificate-authority': 'ca.crt', 'proxy-url': 'http://p' },
          },
        ],
        users: [
          {
            name: 'u',
            user: {
              exec: {
                apiVersion: 'client.authentication.k8s.io/v1',
                command: 'true',
                args: ['a'],
                env: [{ name: 'A', value: 'b' }],
              },
              'client-certificate': 'c.crt',
            },
          },
        ],
        contexts: [{ name: 'device', context: { cluster: 'c', user: 'u' } }],
        'current-context': 'device',
      }),
    ],
    run: (input) => {
      const file = put('kubeconfig-fuzzed', input)
      // No credentials are asked for: a kubeconfig may name programs for that.
      for (const context of [undefined, 'device']) connect(file, context)
      return []
    },
  },
]
