import { describe, expect, test } from 'vitest'
import { mounts, needs } from '../../tools/needs.ts'
import { Device } from '../../tools/device.ts'
import { callsOfOc, withFakeOc } from '../../tools/fakeOc.ts'
import { sha256 } from '../../tools/ociLayout.ts'

const override = {
  deploy: '{"defaultDeploymentMode": "RawDeployment"}\n',
  ingress: '{"ingressDomain": "apps.plant"}\n\n',
}
const stock = { ...override, ingress: '{}' }
const live = 'answers/configmap-inferenceservice-config'
const configMap = (data: Record<string, string>, resourceVersion: string) =>
  JSON.stringify({ metadata: { resourceVersion }, data })

const describeOverride = (device: Device, data: Record<string, string>) =>
  device.describe({
    kserveConfig: {
      namespace: 'redhat-ods-applications',
      name: 'inferenceservice-config',
      data: Object.fromEntries(Object.entries(data).map(([key, text]) => [key, sha256(text)])),
    },
  })

const deviceWith = (): Device => {
  const device = new Device()
  withFakeOc(device)
  describeOverride(device, override)
  device.env['EDGE_BOOT_ID'] = 'first-boot'
  return device
}

const restarts = (device: Device) =>
  callsOfOc(device).filter((call) =>
    call.includes('rollout restart deployment/kserve-controller-manager -n redhat-ods-applications'),
  ).length

describe('restart-kserve, with a fake oc', needs('jq', 'dash', mounts), () => {
  test('waits until the override is there, restarts once, and not again', () => {
    const device = deviceWith()
    device.write(live, configMap(stock, '1'))
    device.write(`${live}.then`, configMap(override, '2'))
    expect(device.run('restart-kserve')).toEqual({
      status: 0,
      stderr: '',
      stdout:
        "waiting for ConfigMap inferenceservice-config in redhat-ods-applications: ingress is another; \nKServe's controller is restarted with the bundle's configuration\n",
    })
    expect(device.run('restart-kserve')).toMatchObject({
      status: 0,
      stdout: "KServe's controller has this configuration\n",
    })
    expect(restarts(device)).toBe(1)
  })

  test('a changed override: once more', () => {
    const device = deviceWith()
    device.write(live, configMap(override, '2'))
    device.run('restart-kserve')
    describeOverride(device, { ...override, ingress: 'new' })
    device.write(`${live}.then`, configMap({ ...override, ingress: 'new' }, '4'))
    expect(device.run('restart-kserve').status).toBe(0)
    expect(restarts(device)).toBe(2)
  })

  test('the next boot: yesterday’s ConfigMap is not taken for the one that comes after the stock one', () => {
    const device = deviceWith()
    device.write(live, configMap(override, '2'))
    device.run('restart-kserve')
    device.env['EDGE_BOOT_ID'] = 'second-boot'
    device.write(`${live}.then`, configMap(override, '9'))
    expect(device.run('restart-kserve')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('it is from before this boot\n') as unknown,
    })
    expect(restarts(device)).toBe(2)
    device.env['EDGE_BOOT_ID'] = 'third-boot'
    device.env['EDGE_WAIT_SECONDS'] = '0'
    expect(device.run('restart-kserve')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('was never another in this boot') as unknown,
    })
    expect(restarts(device)).toBe(2)
  })

  test('an override that never comes, or a restart that fails: status 1, and the next run tries again', () => {
    const device = deviceWith()
    device.env['EDGE_WAIT_SECONDS'] = '0'
    expect(device.run('restart-kserve')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('NotFound') as unknown,
    })
    device.write(live, configMap(stock, '1'))
    expect(device.run('restart-kserve')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining("is not this bundle's: ingress is another; ") as unknown,
    })
    expect(restarts(device)).toBe(0)
    device.write(live, configMap(override, '2'))
    device.write('answers/rollout-fails', '')
    expect(device.run('restart-kserve')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('timed out') as unknown,
    })
    device.shell('rm answers/rollout-fails')
    expect(device.run('restart-kserve').status).toBe(0)
  })

  test('no override: nothing is asked', () => {
    const device = deviceWith()
    device.describe({})
    expect(device.run('restart-kserve')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(callsOfOc(device)).toEqual([])
  })
})
