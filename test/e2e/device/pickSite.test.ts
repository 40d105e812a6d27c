import { mkdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { mounts, needs } from '../../tools/needs.ts'
import { Device } from '../../tools/device.ts'
import { kustomizeBuild } from '../../tools/kubectl.ts'

const link = 'etc/microshift/manifests.d/100-plant'
const base = '/usr/lib/edge/manifests/manifests.d/100-plant'
const overlay = (site: string) => `/usr/lib/edge/manifests/overlays/${site}`

const deviceWith = (fallback: string, site?: string): Device => {
  const device = new Device({ sites: { mode: 'all', names: ['plant-a', 'plant-b', 'like-base'], fallback } })
  for (const path of [base, overlay('plant-a'), overlay('plant-b')])
    device.write(`${path}/kustomization.yaml`, 'resources: []\n')
  if (site !== undefined) device.write('etc/edge/site', site)
  return device
}

/** Where the link leads, or what stands in the way of telling. */
const leadsTo = (device: Device): string => {
  try {
    return readlinkSync(device.path(link)).replace(device.root, '')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? ''
  }
}

describe('pick-site', needs('jq', 'dash', mounts), () => {
  const rows: [site: string | undefined, fallback: string, target: string, says: string][] = [
    ['plant-a\n', 'base', overlay('plant-a'), 'site plant-a: '],
    ['plant-b', 'none', overlay('plant-b'), 'site plant-b: '],
    ['plant-a\nsecond line\n', 'base', overlay('plant-a'), 'site plant-a: '],
    ['like-base\n', 'none', base, 'site like-base: '],
    [undefined, 'base', base, 'no site: /etc/edge/site is not there or empty: '],
    ['', 'plant-b', overlay('plant-b'), 'no site: '],
    ['\nplant-a\n', 'base', base, 'no site: '],
    [undefined, 'none', 'ENOENT', 'no manifests are applied (fallback none)'],
    ['plant-c\n', 'base', base, 'unknown site plant-c in /etc/edge/site: '],
    ['../../../../etc\n', 'base', base, 'unknown site ../../../../etc in '],
    ['plant-a/../plant-b\n', 'none', 'ENOENT', 'unknown site plant-a/../plant-b in '],
    ['plant-a \n', 'base', base, 'unknown site plant-a? in '],
    ['plant-a\r\n', 'base', base, 'unknown site plant-a? in '],
    ['$(touch pwned)`touch pwned`\n', 'base', base, 'unknown site ??touch?pwned??touch?pwned? in '],
    ['\u001b[31mred\n', 'base', base, 'unknown site ??31mred in '],
    ['-e\n', 'base', base, 'unknown site -e in '],
    ['.\n', 'base', base, 'unknown site . in '],
    ['x'.repeat(9999), 'base', base, `unknown site ${'x'.repeat(80)} in `],
  ]
  test.each(rows)('%j with fallback %s: %s', (site, fallback, target, says) => {
    const device = deviceWith(fallback, site)
    const first = device.run('pick-site')
    expect(first).toEqual({ status: 0, stderr: '', stdout: expect.stringContaining(says) as unknown })
    expect(first.stdout.split('\n')).toHaveLength(2)
    expect(leadsTo(device)).toBe(target)
    expect(device.run('pick-site')).toEqual(first)
    expect(leadsTo(device)).toBe(target)
    expect(device.shell('find . -name "pwned*"').stdout).toBe('')
  })

  test('kustomize builds what the link leads to, an overlay on the base beside it', () => {
    const device = deviceWith('base', 'plant-a\n')
    device.write(`${base}/config.yaml`, 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
    device.write(`${base}/kustomization.yaml`, 'resources: [config.yaml]\n')
    device.write(
      `${overlay('plant-a')}/kustomization.yaml`,
      'namespace: of-plant-a\nresources: [../../manifests.d/100-plant]\n',
    )
    device.run('pick-site')
    expect(kustomizeBuild(device.path(link))).toEqual([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x', namespace: 'of-plant-a' } },
    ])
  })

  test('another site the next time; none removes the link', () => {
    const device = deviceWith('none', 'plant-a\n')
    device.run('pick-site')
    device.write('etc/edge/site', 'plant-b\n')
    device.run('pick-site')
    expect(leadsTo(device)).toBe(overlay('plant-b'))
    device.write('etc/edge/site', 'moved\n')
    device.run('pick-site')
    expect(leadsTo(device)).toBe('ENOENT')
  })

  test('a directory, or a link to elsewhere, is the user’s: it stays, and the status is 1', () => {
    const device = deviceWith('base', 'plant-a\n')
    mkdirSync(device.path(link), { recursive: true })
    expect(device.run('pick-site')).toMatchObject({
      status: 1,
      stdout: `/${link} is there and no link: it stays, and nothing is picked\n`,
    })
    expect(leadsTo(device)).toBe('EINVAL')
    const linked = deviceWith('none', 'plant-a\n')
    mkdirSync(linked.path('etc/microshift/manifests.d'), { recursive: true })
    symlinkSync('/srv/mine', linked.path(link))
    expect(linked.run('pick-site')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('leads to /srv/mine, which is not ours') as unknown,
    })
    expect(leadsTo(linked)).toBe('/srv/mine')
  })

  test.each(['none', 'one'] as const)('sites: %s: links of a former bundle go, what is the user’s stays', (mode) => {
    const device = deviceWith('base', 'plant-a\n')
    device.run('pick-site')
    expect(leadsTo(device)).toBe(overlay('plant-a'))
    device.shell(
      'cd etc/microshift/manifests.d && ln -s /srv/mine 200-mine && mkdir 300-mine && ln -s /usr/lib/edge/manifests-of-mine 400-mine',
    )
    device.describe({ sites: { mode, names: ['plant-a'], fallback: 'base' } })
    expect(device.run('pick-site')).toEqual({
      status: 0,
      stdout: `/${link}, a link of a former bundle: removed\n`,
      stderr: '',
    })
    expect(leadsTo(device)).toBe('ENOENT')
    expect(device.shell('ls etc/microshift/manifests.d').stdout).toBe('200-mine\n300-mine\n400-mine\n')
    expect(device.run('pick-site')).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test('the bundle has another name: the link of the former one goes', () => {
    const device = deviceWith('base', 'plant-a\n')
    device.run('pick-site')
    device.shell('mv etc/microshift/manifests.d/100-plant etc/microshift/manifests.d/100-factory')
    expect(device.run('pick-site').stdout).toContain(
      '/etc/microshift/manifests.d/100-factory, a link of a former bundle: removed\n',
    )
    expect(device.shell('ls etc/microshift/manifests.d').stdout).toBe('100-plant\n')
  })
})
