import { describe, expect, test } from 'vitest'
import { mounts, needs } from '../../tools/needs.ts'
import { Device } from '../../tools/device.ts'
import { callsOfOc, withFakeOc } from '../../tools/fakeOc.ts'

const secrets = [
  { name: 'granite', type: 'Opaque', key: 'token', deviceFile: '/etc/edge/granite.key' },
  { name: 'certificate', type: 'kubernetes.io/tls', key: 'tls.crt', deviceFile: '/etc/edge/tls.crt' },
  { name: 'certificate', type: 'kubernetes.io/tls', key: 'tls.key', deviceFile: '/etc/edge/tls.key' },
  {
    name: 'pull',
    type: 'kubernetes.io/dockerconfigjson',
    key: '.dockerconfigjson',
    deviceFile: "/etc/edge/a file, 'quoted'.json",
  },
]
const content = 'geheim\0\u00ff "$(touch pwned)"\n\n'

const deviceWithFiles = (): Device => {
  const device = new Device({ secrets })
  withFakeOc(device)
  device.write('answers/namespace-ai-demo', 'namespace/ai-demo\n')
  for (const { deviceFile } of secrets) device.write(deviceFile, content, 0o600)
  return device
}

interface Secret {
  readonly type: string
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly data: Record<string, string>
}
const applied = (device: Device, index: number) => JSON.parse(device.read(`applied/${index}.json`)) as Secret

describe('make-secrets, with a fake oc', needs('jq', 'dash', mounts), () => {
  test('a Secret each, byte for byte, of the type that its reader asks for', () => {
    const device = deviceWithFiles()
    const { status, stdout, stderr } = device.run('make-secrets')
    expect({ status, stderr, stdout }).toEqual({
      status: 0,
      stderr: '',
      stdout: 'Secret certificate in ai-demo: made\nSecret granite in ai-demo: made\nSecret pull in ai-demo: made\n',
    })
    const base64 = Buffer.from(content).toString('base64')
    const metadata = (name: string) => ({ name, namespace: 'ai-demo' })
    expect([0, 1, 2].map((index) => applied(device, index))).toEqual([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('certificate'),
        type: 'kubernetes.io/tls',
        data: { 'tls.crt': base64, 'tls.key': base64 },
      },
      { apiVersion: 'v1', kind: 'Secret', metadata: metadata('granite'), type: 'Opaque', data: { token: base64 } },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: metadata('pull'),
        type: 'kubernetes.io/dockerconfigjson',
        data: { '.dockerconfigjson': base64 },
      },
    ])
    expect(callsOfOc(device).join('\n')).not.toMatch(/geheim|Z2VoZWlt/)
    expect(device.shell('ls run; find . -name "pwned*"').stdout).toBe('')
  })

  test('a missing or empty file: one line, the other Secrets are made, and a status that systemd does not try again', () => {
    const device = deviceWithFiles()
    device.shell('rm etc/edge/tls.key; : > etc/edge/granite.key')
    const { status, stdout } = device.run('make-secrets')
    expect({ status, stdout }).toEqual({
      status: 78,
      stdout: [
        'Secret certificate: not made: /etc/edge/tls.key, its tls.key, is not there or empty; put it there, then: systemctl restart edge-make-secrets',
        'Secret granite: not made: /etc/edge/granite.key, its token, is not there or empty; put it there, then: systemctl restart edge-make-secrets',
        'Secret pull in ai-demo: made',
        '',
      ].join('\n'),
    })
    expect(device.read('usr/lib/systemd/system/edge-make-secrets.service')).toContain('RestartPreventExitStatus=78\n')
  })

  test('of an API key the first line, without its end; an empty one is none', () => {
    const device = deviceWithFiles()
    device.describe({
      secrets: secrets.map((secret) => ({ ...secret, ...(secret.name === 'granite' ? { apiKey: true } : {}) })),
    })
    for (const text of ['sk-1', 'sk-1\n', 'sk-1\r\n', 'sk-1\n# of the plant\n']) {
      device.write('etc/edge/granite.key', text, 0o600)
      device.shell('rm -f applied/*')
      expect(device.run('make-secrets').status).toBe(0)
      expect([applied(device, 0).data['tls.key'], applied(device, 1).data]).toEqual([
        Buffer.from(content).toString('base64'),
        { token: Buffer.from('sk-1').toString('base64') },
      ])
    }
    device.write('etc/edge/granite.key', '\nsk-1\n', 0o600)
    expect(device.run('make-secrets')).toMatchObject({
      status: 78,
      stdout: expect.stringContaining(
        'Secret granite: not made: /etc/edge/granite.key, its token, has an empty first line; put it there',
      ) as unknown,
    })
  })

  test('waits for the namespace and tries again; says so once', () => {
    const device = deviceWithFiles()
    device.write('answers/apply-fails', '')
    const { status, stdout } = device.run('make-secrets', 'mv answers/namespace-ai-demo answers/namespace-ai-demo.2')
    expect({ status, lines: stdout.split('\n').filter((line) => line.startsWith('waiting')) }).toEqual({
      status: 0,
      lines: ['waiting for namespace ai-demo: Error from server (NotFound): answers/namespace-ai-demo'],
    })
  })

  test('no namespace in time: status 1', () => {
    const device = deviceWithFiles()
    device.env['EDGE_WAIT_SECONDS'] = '0'
    device.shell('rm answers/namespace-ai-demo')
    expect(device.run('make-secrets')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('namespace ai-demo is not there: Error from server') as unknown,
    })
  })

  test('no secrets: nothing is asked', () => {
    const device = deviceWithFiles()
    device.describe({})
    expect(device.run('make-secrets')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(callsOfOc(device)).toEqual([])
  })
})
