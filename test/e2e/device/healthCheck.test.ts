import { describe, expect, test } from 'vitest'
import { mounts, needs } from '../../tools/needs.ts'
import { callsOfOc } from '../../tools/fakeOc.ts'
import { expectedFile, healthyDevice, live, objects, wants } from '../../tools/healthyDevice.ts'

describe('health-check, with a fake oc and a fake microshift', needs('jq', 'dash', 'busybox', mounts), () => {
  test.each(['dash', 'busybox sh', 'bash --posix'])(
    'live objects, deployments, probes, in this order (%s)',
    (shell) => {
      const device = healthyDevice()
      device.env['EDGE_SHELL'] = shell
      const { status, stdout, stderr } = device.run('health-check')
      expect({ status, stderr, stdout: stdout.replace(/for \d+ s/, 'for N s') }).toEqual({
        status: 0,
        stderr: '',
        stdout: [
          'waiting: Deployment m-predictor to be ready, for N s at most',
          'microshift healthcheck -v=2 --timeout=Ns --namespace ai-demo --deployments m-predictor',
          'ok - verify --host 127.0.0.1 --direct --model m --wait N',
          'healthy: 1 models of plant',
          '',
        ].join('\n'),
      })
    },
  )

  const otherSource =
    'Deployment m-predictor, spec.template.metadata.annotations[internal.serving.kserve.io/storage-initializer-sourceuri]: expected oci://quay.io/org/m:v2, found oci://quay.io/org/m:v1'
  const otherImage =
    'Deployment m-predictor, spec.template.spec.containers[kserve-container].image: expected quay.io/org/ovms:v2, found quay.io/org/ovms:v1'
  const yesterdays: [what: string, objects: string, says: string[]][] = [
    [
      'model',
      objects({ storageUri: 'oci://quay.io/org/m:v1' }),
      [
        otherSource,
        'InferenceService m, spec.predictor.model.storageUri: expected oci://quay.io/org/m:v2, found oci://quay.io/org/m:v1',
      ],
    ],
    [
      'runtime',
      objects({ image: 'quay.io/org/ovms:v1' }),
      [
        otherImage,
        'ServingRuntime kserve-ovms, spec.containers[kserve-container].image: expected quay.io/org/ovms:v2, found quay.io/org/ovms:v1',
      ],
    ],
    ['Deployment, made from another model', objects({ podSource: 'oci://quay.io/org/m:v1' }), [otherSource]],
    ['Deployment, of another runtime', objects({ podImage: 'quay.io/org/ovms:v1' }), [otherImage]],
    [
      'Deployment, its change not taken up',
      objects({ observed: 1 }),
      ['Deployment m-predictor: its last change is not taken up yet'],
    ],
    [
      'arguments',
      objects({ model: { args: ['--a=1'] } }),
      ['InferenceService m, spec.predictor.model.args: expected ["--b"], found nothing'],
    ],
    [
      'variables',
      objects({ model: { env: [{ name: 'A', value: 'geheim' }, { name: 'B' }] } }),
      [
        'InferenceService m, spec.predictor.model.env[A].value: expected (not shown), found (not shown)',
        'InferenceService m, spec.predictor.model.env[B].valueFrom: expected {"fieldRef":{"fieldPath":"status.hostIP"}}, found nothing',
      ],
    ],
    [
      'resources',
      objects({
        model: {
          resources: { requests: { cpu: '1', memory: '1536Mi' }, limits: { memory: '2G', 'nvidia.com/gpu': 1 } },
        },
      }),
      ['InferenceService m, spec.predictor.model.resources.limits.memory: expected 2Gi, found 2G'],
    ],
    ['replicas', objects({ maxReplicas: 2 }), ['InferenceService m, spec.predictor.maxReplicas: expected 1, found 2']],
    [
      'namespace without objects',
      '{"items": []}',
      [
        'Deployment m-predictor is not there',
        'InferenceService m is not there',
        'Namespace ai-demo is not there',
        'ServingRuntime kserve-ovms is not there',
      ],
    ],
    ['answer that is none', 'no JSON', ['what MicroShift answers is no list of objects']],
  ]
  test.each(yesterdays)('yesterday’s %s: waits for today’s and says what differs', (_, text, says) => {
    const device = healthyDevice()
    device.write(live, text)
    device.write(`${live}.then`, objects())
    const waited = device.run('health-check')
    expect({ status: waited.status, said: waited.stdout.split('\n').slice(0, says.length) }).toEqual({
      status: 0,
      said: says.map((line) => `waiting: ${line}`),
    })

    device.write(live, text)
    device.env['EDGE_WAIT_SECONDS'] = '0'
    const late = device.run('health-check')
    expect(late.status).toBe(1)
    for (const line of says) expect(late.stdout).toContain(`not this bundle's after 0 s: ${line}\n`)
    expect(late.stdout).not.toContain('verify')
  })

  test("KServe's configuration is asked for by its name, in its own namespace", () => {
    const config = (ingress: string) => ({
      kind: 'ConfigMap',
      metadata: { name: 'inferenceservice-config', namespace: 'redhat-ods-applications' },
      data: { ingress },
    })
    const device = healthyDevice()
    const { metadata, data } = config('{"ingressDomain": "a"}')
    device.write(
      expectedFile,
      JSON.stringify(
        wants(
          undefined,
          {},
          {
            'ConfigMap/inferenceservice-config': { metadata: { namespace: metadata.namespace }, data },
          },
        ),
      ),
    )
    device.env['EDGE_WAIT_SECONDS'] = '0'
    device.write('answers/configmaps-inferenceservice-config', '')
    expect(device.run('health-check').stdout).toContain(': ConfigMap inferenceservice-config is not there\n')
    device.write('answers/configmaps-inferenceservice-config', JSON.stringify(config('{"ingressDomain":"b"}')))
    expect(device.run('health-check').stdout).toContain(
      ': ConfigMap inferenceservice-config, data.ingress.ingressDomain: expected a, found b\n',
    )
    device.write('answers/configmaps-inferenceservice-config', JSON.stringify(config('{"ingressDomain":"a"}')))
    expect(device.run('health-check').status).toBe(0)
    expect(callsOfOc(device).at(-1)).toBe(
      '--request-timeout=20s get configmaps inferenceservice-config -n redhat-ods-applications --ignore-not-found -o json',
    )
  })

  test.each(['', '{'])('an expected.json that holds %j is not healthy', (text) => {
    const device = healthyDevice()
    device.write(expectedFile, text)
    expect(device.run('health-check')).toMatchObject({
      status: 1,
      stdout: '/usr/lib/edge/probes/expected.json is missing or damaged\n',
    })
  })

  test('nobody answers: status 1, with oc’s words', () => {
    const device = healthyDevice()
    device.env['EDGE_WAIT_SECONDS'] = '0'
    device.shell(`rm '${live}'`)
    expect(device.run('health-check')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        'MicroShift does not answer for namespace ai-demo: Error from server (NotFound)',
      ) as unknown,
    })
  })

  test.each(['', '{'])('a device.json that holds %j is not healthy', (text) => {
    const device = healthyDevice()
    device.write('usr/lib/edge/device.json', text)
    expect(device.run('health-check')).toMatchObject({
      status: 1,
      stdout: '/usr/lib/edge/device.json is missing or damaged\n',
    })
  })

  test('a Deployment that is not ready: status 1, and why its pods wait', () => {
    const device = healthyDevice()
    device.env['EDGE_TEST_READY'] = '1'
    const waiting = {
      name: 'kserve-container',
      state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling\nimage' } },
    }
    device.write(
      'answers/pods',
      JSON.stringify({
        items: [
          {
            metadata: { name: 'm-1' },
            status: { containerStatuses: [waiting, { name: 'modelcar', state: { running: {} } }] },
          },
          { metadata: { name: 'm-2' }, status: {} },
        ],
      }),
    )
    const { status, stdout } = device.run('health-check')
    expect(status).toBe(1)
    expect(stdout).toMatch(
      /Deployment m-predictor is not ready after 60 s\npod m-1, container kserve-container: ImagePullBackOff Back-off pulling image\n$/,
    )
  })

  test('a release without microshift healthcheck: oc waits', () => {
    const device = healthyDevice()
    device.env['EDGE_TEST_HELP'] = '1'
    expect(device.run('health-check').status).toBe(0)
    expect(callsOfOc(device).at(-1)).toMatch(/^rollout status deployment\/m-predictor -n ai-demo --timeout=\d+s$/)
  })

  test.each(['1', '3'])('probes that end with %s: status 1', (status) => {
    const device = healthyDevice()
    device.env['EDGE_TEST_VERIFY'] = status
    expect(device.run('health-check')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('model m does not answer as it should') as unknown,
    })
  })

  test('an API key: from the device’s file, or else from the Secret; it leaves no trace', () => {
    const secret = { name: 'm-key', key: 'token' }
    const device = healthyDevice({ apiKeys: [{ model: 'm', secret, deviceFile: '/etc/edge/m.key' }] })
    device.write('etc/edge/m.key', 'of-the-device')
    device.env['EDGE_TEST_TOKEN'] = 'print'
    expect(device.run('health-check')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/--token-file \/etc\/edge\/m\.key\nof-the-device/) as unknown,
    })
    device.shell('rm etc/edge/m.key')
    device.write(
      'answers/secret-m-key',
      JSON.stringify({ data: { token: Buffer.from('of-the-cluster').toString('base64') } }),
    )
    expect(device.run('health-check')).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/--token-file \/run\/edge\.\w+\/token\nof-the-cluster/) as unknown,
    })
    expect(device.shell('ls run').stdout).toBe('')
    device.shell('rm answers/secret-m-key')
    expect(device.run('health-check')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(
        'model m: its API key is neither in a file of this device nor in a Secret',
      ) as unknown,
    })
  })

  test('sites: the picked one’s expectations, and its probes', () => {
    const sites = { mode: 'all', names: ['plant-a', 'plant-b'], fallback: 'none' } as const
    const device = healthyDevice({ sites })
    const atPlantA = wants('oci://quay.io/org/m:a').objects
    device.write(expectedFile, JSON.stringify(wants(undefined, { sites: { 'plant-a': { objects: atPlantA } } })))
    for (const site of sites.names) device.write(`usr/lib/edge/manifests/overlays/${site}/kustomization.yaml`, '')
    expect(device.run('health-check')).toMatchObject({
      status: 0,
      stdout: 'this device has no site, so no model is asked for\n',
    })
    device.write('etc/edge/site', 'plant-a\n')
    device.run('pick-site')
    device.write(live, objects({ storageUri: 'oci://quay.io/org/m:a' }))
    expect(device.run('health-check')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--site plant-a\n') as unknown,
    })
    device.write('etc/edge/site', 'plant-b\n')
    device.run('pick-site')
    device.write(live, objects())
    expect(device.run('health-check')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('--site plant-b\n') as unknown,
    })
  })

  test('the time is what MicroShift gives its own checks; its functions may say something before the number', () => {
    const device = healthyDevice()
    delete device.env['EDGE_WAIT_SECONDS']
    expect(device.run('health-check').stdout).toMatch(/for (600|5\d\d) s at most/)
    device.write(
      'usr/share/microshift/functions/greenboot.sh',
      'function get_wait_timeout() { [[ 1 == 1 ]] && echo "Could not parse"; echo 4242; }\n',
    )
    expect(device.run('health-check').stdout).toMatch(/for 4[12]\d\d s at most/)
  })
})
