import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { environment } from '../../tools/environment.ts'
import { needs } from '../../tools/needs.ts'
import { Device, rootfs } from '../../tools/device.ts'
import { projectRoot } from '../../tools/root.ts'

const files = readdirSync(rootfs, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
const shells = files.filter((file) => /^#!\/bin\/sh\n/.test(readFileSync(file, 'utf8')) || file.endsWith('.sh'))
const programs = shells.filter((file) => !/\/(functions|image-layout)\.sh$/.test(file))
const units = files.filter((file) => file.endsWith('.service'))

const run = (program: string, args: readonly string[]) => {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return { status, output: `${stdout}${stderr}` }
}

describe('scripts', needs('shellcheck', 'dash', 'busybox'), () => {
  test.each([...shells, join(projectRoot, 'test/tools/debian.sh')].map((file) => [basename(file), file]))(
    '%s: shellcheck finds nothing, for any shell that /bin/sh may be',
    (_, file) => {
      for (const shell of ['sh', 'dash', 'bash'])
        expect(run('shellcheck', ['--external-sources', `--shell=${shell}`, file])).toEqual({ status: 0, output: '' })
      expect(run('dash', ['-n', file])).toEqual({ status: 0, output: '' })
      expect(run('busybox', ['sh', '-n', file])).toEqual({ status: 0, output: '' })
    },
  )

  test('what is started may be executed, and stops at names that are not set', () => {
    expect(programs.length).toBeGreaterThan(6)
    for (const file of programs) {
      accessSync(file, constants.X_OK)
      expect(readFileSync(file, 'utf8')).toMatch(/^set -u$/m)
    }
  })
})

/** Units of other packages that ours name; on a device they are there. */
const others = ['crio.service', 'microshift.service', 'greenboot-healthcheck.service', 'cloud-init.service']

/** How greenboot and MicroShift order theirs. */
const orders: Readonly<Record<string, string>> = {
  'microshift.service': 'Wants=crio.service\nAfter=crio.service\n',
  'greenboot-healthcheck.service': 'Before=boot-complete.target\n',
}

/** What systemd makes of the units of a device, with the others as empty as can be. */
const verified = (names: readonly string[]) => {
  const device = new Device()
  for (const name of others)
    device.write(
      `usr/lib/systemd/system/${name}`,
      `[Unit]\nDescription=x\n${orders[name] ?? ''}[Service]\nExecStart=/bin/true\n`,
    )
  device.write('usr/lib/systemd/system/redboot.target', '[Unit]\nDescription=x\n')
  // All that a device starts: only what is started together can be a cycle.
  device.write(
    'usr/lib/systemd/system/device.target',
    `[Unit]\nDescription=x\nWants=boot-complete.target ${[...others, ...units.map((unit) => basename(unit))].join(' ')}\n`,
  )
  for (const unit of units) {
    const path = `usr/lib/systemd/system/${basename(unit)}`
    // systemd-analyze looks for programs on this machine.
    writeFileSync(device.path(path), device.read(path).replaceAll('/usr/libexec/', device.path('usr/libexec/')))
  }
  const { status, stderr } = spawnSync(
    'systemd-analyze',
    ['verify', ...names.map((name) => device.path(`usr/lib/systemd/system/${name}`))],
    { encoding: 'utf8', env: { ...environment, SYSTEMD_UNIT_PATH: `${device.path('usr/lib/systemd/system')}:` } },
  )
  // Debian's own units are not asked for here.
  return {
    status,
    output: stderr.split('\n').filter((line) => /edge|microshift|greenboot|redboot|crio|cycle/.test(line)),
  }
}

describe('units', needs('systemd-analyze'), () => {
  test.each(units.map((unit) => basename(unit)))('%s: systemd-analyze verify finds nothing', (unit) => {
    expect(verified([unit])).toEqual({ status: 0, output: [] })
  })

  test('all of them started together with the others: no cycle', () => {
    expect(verified(['device.target'])).toEqual({ status: 0, output: [] })
  })

  test('the loader runs by CRI-O’s side, before MicroShift, for as long as it takes; greenboot waits for it', () => {
    const unit = readFileSync(units.find((file) => file.endsWith('/edge-load-images.service')) ?? '', 'utf8')
    for (const line of [
      'Wants=crio.service',
      'After=crio.service',
      'Before=microshift.service',
      'TimeoutStartSec=infinity',
      'WantedBy=microshift.service',
    ])
      expect(unit.split('\n')).toContain(line)
    expect(
      readFileSync(join(rootfs, 'usr/lib/systemd/system/greenboot-healthcheck.service.d/50-edge.conf'), 'utf8'),
    ).toContain('\nAfter=edge-load-images.service\n')
  })
})
