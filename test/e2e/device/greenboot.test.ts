import { describe, expect, test } from 'vitest'
import { mounts, needs } from '../../tools/needs.ts'
import { healthyDevice } from '../../tools/healthyDevice.ts'

describe('50_edge.sh', needs('jq', 'dash', mounts), () => {
  const script = 'etc/greenboot/check/required.d/50_edge.sh'
  const functions = `
function get_wait_timeout() { echo 60; }
function print_boot_status() { echo "boot status"; }
function exit_if_fail_marker_exists() { if [ -f "$EDGE_ROOT/marker" ]; then echo "marker"; exit 1; fi; }
function create_fail_marker_and_exit() { touch "$EDGE_ROOT/marker"; exit 1; }
`

  test('a failure leaves the mark that ends what comes after it', () => {
    const device = healthyDevice()
    device.write('usr/share/microshift/functions/greenboot.sh', functions)
    expect(device.run(script)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^boot status\n[^]*healthy/) as unknown,
    })
    device.env['EDGE_TEST_VERIFY'] = '1'
    expect(device.run(script).status).toBe(1)
    delete device.env['EDGE_TEST_VERIFY']
    expect(device.run(script)).toMatchObject({ status: 1, stdout: 'marker\n' })
  })

  test.each(['', 'function get_wait_timeout() { echo 60; }\n'])(
    'works with functions of a release that has fewer: %j',
    (text) => {
      const device = healthyDevice()
      if (text !== '') device.write('usr/share/microshift/functions/greenboot.sh', text)
      expect(device.run(script).status).toBe(0)
      device.env['EDGE_TEST_VERIFY'] = '1'
      expect(device.run(script).status).toBe(1)
    },
  )
})
