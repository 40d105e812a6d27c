import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkCluster, type ClusterOptions } from '../../../src/cluster/checkCluster.ts'
import { clusterCauses } from '../../../src/cluster/causes.ts'
import { differencesOf } from '../../../src/cluster/drift.ts'
import { expectedAt } from '../../../src/cluster/expected.ts'
import { liveObject } from '../../../src/cluster/live.ts'
import type { ExpectedDocument } from '../../../src/kubernetes/compared.ts'
import { rootfs } from '../../tools/device.ts'
import { needs } from '../../tools/needs.ts'
import type { ClusterResult } from '../../../src/cluster/result.ts'
import {
  type FakeApiServer,
  type FakeCluster,
  type FakeObject,
  kubeconfigFor,
  startFakeApiServer,
} from '../../tools/fakeApiServer.ts'
import { someDigest } from '../../tools/spec.ts'
import { type Demo, makeDemo } from './demo.ts'
import { changed, condition, put, warning } from './device.ts'
import { type Row, rows } from './rows.ts'

const directory = mkdtempSync(join(tmpdir(), 'edge-cluster-'))
let demo: Demo
let device: Demo['device'] = []
let rbac: Demo['rbac'] = []

beforeAll(() => {
  demo = makeDemo(directory)
  ;({ device, rbac } = demo)
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Checks a made-up cluster. What the bundle's RBAC does not grant is forbidden there. */
const check = async (
  cluster: FakeCluster,
  options: Partial<ClusterOptions> = {},
  use: (server: FakeApiServer) => string = kubeconfigFor,
): Promise<{ results: ClusterResult[]; requests: readonly string[] }> => {
  const server = await startFakeApiServer({ rbac, ...cluster })
  try {
    const kubeconfig = join(directory, 'kubeconfig')
    writeFileSync(kubeconfig, use(server))
    return {
      results: await checkCluster(demo.bundle, { kubeconfig, timeoutSeconds: 5, ...options }),
      requests: server.requests,
    }
  } finally {
    await server.close()
  }
}

const badOnes = (results: readonly ClusterResult[]) =>
  results.filter(({ verdict }) => verdict === 'fail' || verdict === 'unreachable')
const causesOf = (results: readonly ClusterResult[]) =>
  badOnes(results).map(({ id, subject, failure }) => [id, subject, failure?.cause])

const checkRow = async ({
  device: change = (objects) => objects,
  absentGroups,
  faults,
  pageSize,
  timeoutSeconds,
  models,
}: Row) =>
  check(
    {
      objects: change(device),
      ...(absentGroups === undefined ? {} : { absentGroups }),
      ...(faults === undefined ? {} : { faults }),
      ...(pageSize === undefined ? {} : { pageSize }),
    },
    { ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }), ...(models === undefined ? {} : { models }) },
  )

describe('what is inside a cluster', () => {
  test.each(rows)('$name', async (row) => {
    const { results, requests } = await checkRow(row)
    expect(causesOf(results)).toEqual(row.bad ?? [])
    expect(new Set(badOnes(results).map(({ verdict }) => verdict))).toEqual(
      new Set(row.bad === undefined ? [] : [row.verdict ?? 'fail']),
    )
    expect(
      results
        .filter(({ verdict }) => verdict === 'skip')
        .map(({ id, subject }) => `${id} ${subject}`)
        .sort(),
    ).toEqual([...(row.skipped ?? [])].sort())
    const came = badOnes(results)[0]?.failure?.came ?? ''
    if (typeof row.came === 'string') expect(came).toBe(row.came)
    else for (const part of row.came ?? []) expect(`${came}\n`).toContain(part)
    // Nothing but reading, ever.
    expect(requests.filter((request) => !request.startsWith('GET ') || request.includes('watch'))).toEqual([])
    // Warnings are read where pods fail, and nowhere else.
    expect(requests.some((request) => request.includes('/events'))).toBe(
      causesOf(results).some(([id, , cause]) => id === 'CLUSTER-DEPLOYMENT' && !cause?.startsWith('api-')),
    )
  })

  test('all ids, in their order', async () => {
    const { results } = await check({ objects: device })
    expect(results.map(({ id, subject, verdict }) => `${verdict} ${id} ${subject}`)).toEqual([
      'pass CLUSTER-NAMESPACE ai',
      'pass CLUSTER-CONFIG inferenceservice-config',
      'pass CLUSTER-OBJECT networkpolicy/router-and-namespace',
      'pass CLUSTER-OBJECT role/router-reads-granite-tls',
      'pass CLUSTER-OBJECT rolebinding/router-reads-granite-tls',
      'pass CLUSTER-RUNTIME kserve-ovms',
      'pass CLUSTER-RUNTIME vllm-cuda-runtime',
      ...['resnet', 'granite'].flatMap((model) =>
        ['SERVICE', 'READY', 'DEPLOYMENT', 'IMAGES'].map((id) => `pass CLUSTER-${id} ${model}`),
      ),
      ...['resnet-predictor', 'granite-predictor', 'assistant'].map((name) => `pass CLUSTER-ROUTE ${name}`),
    ])
  })

  test('a failure says all that is needed to go on', async () => {
    const { results } = await check({
      objects: changed(device, 'InferenceService', 'resnet', (object) =>
        put(object, ['spec', 'predictor', 'model', 'storageUri'], 'oci://x/y:1'),
      ),
    })
    expect(badOnes(results)).toEqual([
      {
        id: 'CLUSTER-SERVICE',
        subject: 'resnet',
        verdict: 'fail',
        failure: {
          expected: 'InferenceService resnet as in the bundle',
          came: `InferenceService resnet, spec.predictor.model.storageUri: expected oci://registry.example.com/models/resnet@${someDigest}, found oci://x/y:1`,
          answered: 'the API server',
          cause: 'service-other',
          means: clusterCauses['service-other'].means,
          try: 'oc get inferenceservice resnet -n ai -o yaml; systemctl restart microshift applies the manifests again',
          request: expect.stringMatching(
            /^GET https:\/\/127\.0\.0\.1:\d+\/apis\/serving\.kserve\.io\/v1beta1\/namespaces\/ai\/inferenceservices$/,
          ) as string,
        },
      },
    ])
  })

  test('the events of failing pods, newest first, those of others left out', async () => {
    const row = rows.find(({ name }) => name === 'an image that cannot be pulled')
    const { results } = await checkRow(row ?? { name: '' })
    expect(
      results.find(({ id, verdict }) => id === 'CLUSTER-DEPLOYMENT' && verdict === 'fail')?.failure?.came.split('\n'),
    ).toEqual([
      '0 available, 1 of the newest version, 1 in all',
      'Available is False (MinimumReplicasUnavailable): Deployment does not have minimum availability.',
      'pod resnet-predictor-6d5f8c9b7-x2x4v, container kserve-container waits: ImagePullBackOff: Back-off pulling image "x"',
      'pod resnet-predictor-6d5f8c9b7-x2x4v, 7 times Failed: Failed to pull image "x": no route to host',
    ])
  })

  test('10,000 pods and as many warnings: pages, and a few lines', async () => {
    const old = Array.from({ length: 10_000 }, (_, index): FakeObject => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `resnet-predictor-old-${index}`,
        namespace: 'ai',
        labels: { 'serving.kserve.io/inferenceservice': 'resnet' },
      },
      spec: { containers: [] },
      status: { phase: 'Failed', reason: 'Evicted' },
    }))
    const warnings = old.map(({ metadata: { name } }) =>
      warning('Pod', name, 'Evicted', 'The node was low on resource: ephemeral-storage.'),
    )
    const { results, requests } = await check({
      objects: [
        ...changed(device, 'Deployment', 'resnet-predictor', (object) => put(object, ['status', 'conditions'], [])),
        ...old,
        ...warnings,
      ],
    })
    expect(causesOf(results)).toEqual([['CLUSTER-DEPLOYMENT', 'resnet', 'deployment-unavailable']])
    expect(badOnes(results)[0]?.failure?.came.split('\n').length).toBeLessThan(12)
    expect(requests.filter((request) => request.includes('/pods?'))).toHaveLength(41)
  })

  test('a site: what real kustomize makes of its overlay is what is expected', async () => {
    const { results } = await check({ objects: demo.site }, { site: 'amd' })
    expect(badOnes(results)).toEqual([])
    expect(results.map(({ id, subject }) => `${id} ${subject}`)).toEqual(
      expect.arrayContaining([
        'CLUSTER-RUNTIME vllm-rocm-runtime',
        'CLUSTER-SERVICE extra',
        'CLUSTER-ROUTE extra-predictor',
      ]),
    )
    expect(results.filter(({ subject }) => subject.startsWith('resnet') || subject === 'vllm-cuda-runtime')).toEqual([])
    // The other way round: a device with the base is not that site's.
    expect(causesOf((await check({ objects: device }, { site: 'amd' })).results)).toContainEqual([
      'CLUSTER-ROUTE',
      'granite-predictor',
      'route-other',
    ])
  })
})

describe('the device', needs('jq'), () => {
  const document = () => JSON.parse(readFileSync(join(demo.bundle, 'probes/expected.json'), 'utf8')) as ExpectedDocument
  const byDevice = (objects: readonly FakeObject[], site: string): string[] => {
    const program =
      'include "differences"; .[0] as $document | $document | wanted($site) as $wanted | [differences($wanted; $document.namespace; $live)]'
    const { status, stdout, stderr } = spawnSync(
      'jq',
      [
        '-cs',
        '-L',
        join(rootfs, 'usr/libexec/edge'),
        '--arg',
        'site',
        site,
        '--argjson',
        'live',
        JSON.stringify(objects),
        program,
      ],
      { input: JSON.stringify(document()), encoding: 'utf8' },
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    return JSON.parse(stdout) as string[]
  }
  const byEdge = (objects: readonly FakeObject[], site: string | undefined): string[] => {
    const expected = expectedAt(document(), { images: [] }, site === undefined ? {} : { site })
    return [...expected.objects.keys()]
      .sort()
      .flatMap((key) =>
        differencesOf(
          expected,
          key,
          objects.filter(({ kind, metadata }) => `${kind}/${metadata.name}` === key).map(liveObject.object)[0],
        ),
      )
  }

  test('finds nothing where real kustomize applied the base, or a site', () => {
    expect([byDevice(device, ''), byDevice(demo.site, 'amd')]).toEqual([[], []])
    expect([byEdge(device, undefined), byEdge(demo.site, 'amd')]).toEqual([[], []])
  })

  test('finds the same as edge verify where another site was applied, and of each state that objects may have', () => {
    const states = [demo.site, ...rows.flatMap((row) => (row.device === undefined ? [] : [[...row.device(device)]]))]
    const found = states.map((objects) => byEdge(objects, undefined))
    expect(found.filter((lines) => lines.length > 0).length).toBeGreaterThan(15)
    expect(states.map((objects) => byDevice(objects, ''))).toEqual(found)
    expect(byDevice(device, 'amd')).toEqual(byEdge(device, 'amd'))
    expect(byDevice(device, 'amd').length).toBeGreaterThan(5)
  })
})

describe('hostile texts of a cluster', () => {
  const hostile = 'end\u001b[2J\u0007\r\nnot ok 99 - forged\u2028\u202etxt <script>alert(1)</script>'

  test('stay one line of printable text', async () => {
    const objects = [
      ...changed(
        changed(device, 'InferenceService', 'resnet', (object) =>
          put(object, ['status', 'conditions'], [condition('Ready', 'False', hostile, hostile)]),
        ),
        'Deployment',
        'resnet-predictor',
        (object) => put(object, ['status', 'conditions'], [condition('Available', 'False', 'x', hostile)]),
      ),
      warning('Pod', 'resnet-predictor-6d5f8c9b7-x2x4v', hostile, hostile.repeat(1000)),
    ]
    const { results } = await check({ objects })
    const texts = badOnes(results).flatMap(({ failure }) => failure?.came.split('\n') ?? [])
    expect(texts.length).toBeGreaterThan(3)
    for (const text of texts) {
      expect(text).not.toMatch(/[\p{Cc}\u2028\u202e]/u)
      expect(text).not.toMatch(/^not ok/)
      expect(text.length).toBeLessThan(700)
    }
    expect(texts.join()).toContain('end\\u001b[2J\\u0007 not ok 99 - forged \\u202etxt <script>')
  })

  test('and fields of other types than Kubernetes gives end nothing', async () => {
    const odd = [null, 7, 'text', [], [null, 7, [[]]], { a: null }]
    const fields: readonly [string, string, (string | number)[]][] = [
      ['Pod', 'resnet-predictor-6d5f8c9b7-x2x4v', ['status']],
      ['Pod', 'resnet-predictor-6d5f8c9b7-x2x4v', ['spec', 'containers']],
      ['Pod', 'resnet-predictor-6d5f8c9b7-x2x4v', ['status', 'containerStatuses']],
      ['InferenceService', 'resnet', ['status', 'conditions']],
      ['InferenceService', 'resnet', ['spec']],
      ['Route', 'resnet-predictor', ['status', 'ingress']],
      ['Deployment', 'resnet-predictor', ['status']],
      ['ServingRuntime', 'kserve-ovms', ['spec', 'containers']],
      ['ConfigMap', 'inferenceservice-config', ['data']],
    ]
    for (const value of odd) {
      const objects = fields.reduce(
        (before: readonly FakeObject[], [kind, name, path]) =>
          changed(before, kind, name, (object) => put(object, path, value)),
        device,
      )
      expect(causesOf((await check({ objects })).results).length).toBeGreaterThan(3)
    }
  })
})

describe("the bundle's RBAC", () => {
  test('grants nothing that is not needed, and only reading', () => {
    const rules = rbac
      .filter(({ kind }) => kind === 'Role')
      .flatMap((role) => role['rules'] as { verbs: string[]; resources: string[] }[])
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list']))
    expect(rules.flatMap(({ resources }) => resources).sort()).toEqual([
      'configmaps',
      'deployments',
      'events',
      'inferenceservices',
      'namespaces',
      'networkpolicies',
      'pods',
      'rolebindings',
      'roles',
      'routes',
      'servingruntimes',
    ])
    expect(rbac.filter(({ kind }) => kind.startsWith('Cluster'))).toEqual([])
  })

  const withoutRule = (resource: string) =>
    rbac.map((object) =>
      object.kind === 'Role'
        ? {
            ...object,
            rules: (object['rules'] as { resources: string[] }[]).map((rule) => ({
              ...rule,
              resources: rule.resources.filter((one) => one !== resource),
            })),
          }
        : object,
    )

  test.each([
    ['namespaces', 'CLUSTER-NAMESPACE'],
    ['configmaps', 'CLUSTER-CONFIG'],
    ['servingruntimes', 'CLUSTER-RUNTIME'],
    ['inferenceservices', 'CLUSTER-SERVICE'],
    ['deployments', 'CLUSTER-DEPLOYMENT'],
    ['pods', 'CLUSTER-IMAGES'],
    ['routes', 'CLUSTER-ROUTE'],
    ['networkpolicies', 'CLUSTER-OBJECT'],
    ['rolebindings', 'CLUSTER-OBJECT'],
  ])('without %s, %s says which permission is missing, and all else is checked', async (resource, id) => {
    const { results } = await check({ objects: device, rbac: withoutRule(resource) })
    expect(new Set(badOnes(results).map((one) => one.id))).toEqual(new Set([id]))
    expect(badOnes(results)[0]).toMatchObject({
      verdict: 'unreachable',
      failure: {
        cause: 'api-forbidden',
        came: expect.stringMatching(
          new RegExp(`^403: ${resource}.* is forbidden: User "system:serviceaccount:ai:edge-verify" cannot`),
        ) as string,
        try: expect.stringContaining('probes/rbac.yaml') as string,
      },
    })
  })

  test('without events the failure of the pods still stands, and says what is missing', async () => {
    const objects = changed(device, 'Deployment', 'resnet-predictor', (object) =>
      put(object, ['status', 'conditions'], []),
    )
    const { results } = await check({ objects, rbac: withoutRule('events') })
    expect(causesOf(results)).toEqual([['CLUSTER-DEPLOYMENT', 'resnet', 'deployment-unavailable']])
    expect(badOnes(results)[0]?.failure?.came).toContain('could not list events in ai: 403: events is forbidden')
  })
})

describe('the way to the API server', () => {
  const namespaceCause = async (use: (server: FakeApiServer) => string, options: Partial<ClusterOptions> = {}) => {
    const { results } = await check({ objects: device }, options, use)
    expect(results.filter(({ verdict }) => verdict === 'pass')).toEqual([])
    return badOnes(results).map(({ verdict, failure }) => `${verdict} ${failure?.cause} (${failure?.answered})`)
  }

  test.each<[string, string, (server: FakeApiServer) => string]>([
    [
      'a token that is none',
      'unreachable api-not-authorized (the API server)',
      (server) => kubeconfigFor(server, 'other'),
    ],
    [
      'no user at all',
      'unreachable api-not-authorized (the API server)',
      (server) => kubeconfigFor(server).replace(/\n +user: edge-verify/, ''),
    ],
    [
      'a token that no header can hold',
      'unreachable api-credentials (nobody)',
      (server) => kubeconfigFor(server, 'a\nb'),
    ],
    [
      'another CA',
      'unreachable api-certificate (nobody)',
      (server) => kubeconfigFor(server).replace(/certificate-authority-data: .*/, ''),
    ],
    [
      'a CA that is none',
      'unreachable api-certificate (nobody)',
      (server) => kubeconfigFor({ ...server, certificate: 'x' }),
    ],
    [
      'another name',
      'unreachable api-certificate (nobody)',
      (server) => kubeconfigFor({ ...server, url: server.url.replace('127.0.0.1', 'localhost') }),
    ],
    [
      'nobody there',
      'unreachable api-nobody-there (nobody)',
      (server) => kubeconfigFor({ ...server, url: 'https://127.0.0.1:1' }),
    ],
    [
      'a name that does not resolve',
      'unreachable api-unknown-host (nobody)',
      (server) => kubeconfigFor({ ...server, url: 'https://device.invalid:6443' }),
    ],
    [
      'a program for tokens that is missing',
      'unreachable api-credentials (nobody)',
      (server) =>
        kubeconfigFor(server).replace(
          /token: .*/,
          'exec: {apiVersion: client.authentication.k8s.io/v1, command: /no/such/program}',
        ),
    ],
  ])('%s', async (_, cause, use) => expect(await namespaceCause(use)).toEqual([cause]))

  test('a program for tokens that does not end costs the time-out', async () => {
    const use = (server: FakeApiServer) =>
      kubeconfigFor(server).replace(
        /token: .*/,
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: sleep, args: ['2']}",
      )
    expect(await namespaceCause(use, { timeoutSeconds: 0.3 })).toEqual(['unreachable api-credentials (nobody)'])
  })

  test('a token that ends with a newline, a program that gives one, no check of the certificate', async () => {
    for (const use of [
      (server: FakeApiServer) => kubeconfigFor(server, 'token-of-edge-verify\n'),
      (server: FakeApiServer) =>
        kubeconfigFor(server).replace(
          /token: .*/,
          `exec: {apiVersion: client.authentication.k8s.io/v1, command: echo, args: ['{"status":{"token":"token-of-edge-verify"}}']}`,
        ),
      (server: FakeApiServer) =>
        kubeconfigFor(server).replace(/certificate-authority-data: .*/, 'insecure-skip-tls-verify: true'),
    ])
      expect(badOnes((await check({ objects: device }, {}, use)).results)).toEqual([])
  })

  test.each<[string, string, Partial<ClusterOptions>, string?]>([
    ['no kubeconfig', 'is no kubeconfig', {}, 'a: ['],
    ['a list', 'has no current context', {}, '[]'],
    ['an empty file', 'is no kubeconfig', {}, ''],
    ['a context that is not there', 'has no context "devise"', { context: 'devise' }],
    ['no context', 'has no current context', {}, 'clusters: []'],
    [
      'plain HTTP',
      'is no address that begins with https://',
      {},
      kubeconfigFor({ url: 'http://127.0.0.1:8001', certificate: '' }),
    ],
    ['a site that is not there', 'the bundle has no site "adm"', { site: 'adm' }],
    ['a model that is not there', 'there is no model "resnt" in the base of the bundle', { models: ['resnt'] }],
    ['a model that the site has not', 'there is no model "resnet" at amd', { site: 'amd', models: ['resnet'] }],
  ])('%s is wrong input: %s', async (_, message, options, text) => {
    await expect(check({ objects: device }, options, (server) => text ?? kubeconfigFor(server))).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message) as string,
    })
  })

  test('a context by its name', async () => {
    const { results } = await check({ objects: device }, { context: 'device' }, (server) =>
      kubeconfigFor(server).replace('current-context: device', 'current-context: gone'),
    )
    expect(badOnes(results)).toEqual([])
  })
})
