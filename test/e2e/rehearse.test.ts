import { spawnSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { needs } from '../tools/needs.ts'
import { startRehearsal } from '../tools/router.ts'
import { someDigest, writeFiles, writeSpec } from '../tools/spec.ts'

const source = `oci://registry.example.com/m/m@${someDigest}`

const runtime = (name: string, container: object, spec: object = {}) =>
  JSON.stringify({
    apiVersion: 'serving.kserve.io/v1alpha1',
    kind: 'ServingRuntime',
    metadata: { name },
    spec: {
      supportedModelFormats: [{ name }],
      containers: [
        {
          name: 'kserve-container',
          image: `registry.example.com/s/${name}@${someDigest}`,
          ports: [{ containerPort: 8080 }],
          ...container,
        },
      ],
      ...spec,
    },
  })

/** A server of each kind beside OVMS and vLLM, with a question to it. */
const kinds: readonly {
  name: string
  runtime?: string
  format: string
  probes: readonly object[]
  ids: readonly string[]
}[] = [
  {
    name: 'triton',
    runtime: runtime('triton', { command: ['tritonserver'] }, { protocolVersions: ['v2'] }),
    format: 'triton',
    probes: [
      { infer: { model: 'folder', inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [1] }], argmax: 3 } },
    ],
    ids: ['TRITON-READY', 'TRITON-INFER'],
  },
  {
    name: 'mlserver',
    runtime: runtime(
      'mlserver',
      { env: [{ name: 'MLSERVER_MODELS_DIR', value: '/mnt/models' }] },
      { protocolVersions: ['v2'] },
    ),
    format: 'mlserver',
    probes: [{ infer: { inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [1] }], values: [2] } }],
    ids: ['MLSERVER-READY', 'MLSERVER-INFER'],
  },
  {
    name: 'python',
    runtime: runtime('python', {}, { protocolVersions: ['v2'] }),
    format: 'python',
    probes: [{ infer: { inputs: [{ name: 'x', shape: [1], datatype: 'FP32', data: [1] }], shape: [1] } }],
    ids: ['V2-READY', 'V2-INFER'],
  },
  {
    name: 'caikit',
    format: 'caikit',
    probes: [{ complete: { prompt: 'Hello', contains: 'there', model: 'flan' } }],
    ids: ['CAIKIT-READY', 'CAIKIT-COMPLETE'],
  },
  {
    name: 'detector',
    format: 'guardrails-detector-hf-runtime',
    probes: [],
    ids: ['DETECTOR-READY', 'DETECTOR-DETECT'],
  },
  {
    name: 'own',
    runtime: runtime('own', {}),
    format: 'own',
    probes: [
      { request: { path: '/predict', body: 'text', expect: { contains: 'yes' } } },
      { request: { path: '/predict', body: { a: 1 }, expect: { json: { '': [true] } } } },
    ],
    ids: ['REQUEST', 'REQUEST-2'],
  },
]

const bundleOf = (directory: string, models: readonly object[], more: object = {}) => {
  writeFiles(
    directory,
    Object.fromEntries(
      kinds.flatMap(({ name, runtime }) => (runtime === undefined ? [] : [[`${name}.yaml`, runtime]])),
    ),
  )
  const file = writeSpec(directory, { namespace: 'ai-demo', models, ...more })
  const { status, stderr } = edge(['generate', '-f', file, '-o', join(directory, 'out'), '--log-level', 'error'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return join(directory, 'out')
}

const verify = (bundle: string, port: number, ...options: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(
    'sh',
    [join(bundle, 'probes/verify.sh'), '--host', `127.0.0.1:${port}`, '--insecure', ...options],
    { encoding: 'utf8' },
  )
  return { status, stdout, stderr }
}

describe('edge rehearse answers for', needs('curl', 'jq'), () => {
  const models = kinds.map(({ name, runtime, format, probes }) => ({
    name,
    source,
    format,
    probes,
    ...(runtime === undefined ? { accelerator: 'nvidia' } : { runtime: name }),
    ...(name === 'caikit' ? { runtime: 'caikit-standalone-runtime' } : {}),
  }))
  const runtimes = kinds.flatMap(({ name, runtime }) => (runtime === undefined ? [] : [`${name}.yaml`]))

  test('servers of every kind, whose ids are stable', async () => {
    const bundle = bundleOf(temporaryDirectory(), models, { runtimes })
    const good = await startRehearsal(bundle, [])
    const wrong = await startRehearsal(bundle, ['--behaviour', 'wrong-answer'])
    try {
      const { status, stdout } = verify(bundle, good.port)
      expect({ status, failed: stdout.match(/^not ok.*/gm) }, stdout).toEqual({ status: 0, failed: null })
      expect([...stdout.matchAll(/^ok \d+ - (\S+) (\S+)/gm)].map(([, model, id]) => `${model} ${id}`)).toEqual(
        kinds.flatMap(({ name, ids }) => ids.map((id) => `${name} ${id}`)),
      )
      const failed = [...verify(bundle, wrong.port).stdout.matchAll(/^not ok \d+ - \S+ (\S+)/gm)].map(([, id]) => id)
      expect(failed).toEqual(['TRITON-INFER', 'MLSERVER-INFER', 'V2-INFER', 'CAIKIT-COMPLETE'])
    } finally {
      good.stop()
      wrong.stop()
    }
  })

  test('a site: its hosts, its models, its probes', async () => {
    const probes = [{ request: { path: '/site', expect: { contains: 'here' } } }]
    const bundle = bundleOf(
      temporaryDirectory(),
      [
        { name: 'a', source, format: 'openvino_ir' },
        { name: 'b', source, format: 'openvino_ir' },
      ],
      {
        sites: [
          {
            name: 'plant',
            baseDomain: 'plant.example.com',
            models: { a: { probes }, b: null, c: { source, format: 'openvino_ir' } },
          },
          { name: 'same' },
        ],
      },
    )
    const rehearsal = await startRehearsal(bundle, ['--site', 'plant'])
    try {
      const { status, stdout } = verify(bundle, rehearsal.port, '--site', 'plant')
      expect(status, stdout).toBe(0)
      expect([...stdout.matchAll(/^ok \d+ - (\S+) (?:REQUEST|OVMS-INFER)/gm)].map(([, model]) => model)).toEqual([
        'a',
        'c',
      ])
      // The base's hosts lead to none of the site's models.
      expect(verify(bundle, rehearsal.port).status).toBe(1)
    } finally {
      rehearsal.stop()
    }
  })
})

describe('edge rehearse refuses', () => {
  const model = { name: 'a', source, format: 'openvino_ir' }

  test('what it does not know: a behaviour, a site, a port', () => {
    const bundle = bundleOf(temporaryDirectory(), [model])
    expect(edge(['rehearse', bundle, '--behaviour', 'wrong-anser'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean wrong-answer?') as string,
    })
    expect(edge(['rehearse', bundle, '--site', 'x'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the bundle has no site "x"') as string,
    })
    expect(edge(['rehearse', bundle, '--port', '70000'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--port takes a number from 0 to 65535') as string,
    })
    expect(edge(['rehearse', join(bundle, 'gone')])).toMatchObject({ status: 2 })
    expect(edge(['rehearse', bundle, '--behaviour', 'list']).stdout).toContain('counter-stuck')
  })

  test('a bundle that is damaged, and one without Routes', () => {
    const hidden = bundleOf(temporaryDirectory(), [{ ...model, expose: false }])
    expect(edge(['rehearse', hidden])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no model of the bundle has a Route') as string,
    })
    appendFileSync(join(hidden, 'probes/probes.json'), ' ')
    expect(edge(['rehearse', hidden])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('unfinished or damaged') as string,
    })
  })

  test('a port that is taken: exit status 3', async () => {
    const bundle = bundleOf(temporaryDirectory(), [model])
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    expect(edge(['rehearse', bundle, '--port', String(port)])).toMatchObject({
      status: 3,
      stderr: expect.stringContaining(`cannot listen on port ${port}: it is in use`) as string,
    })
    server.close()
  })
})
