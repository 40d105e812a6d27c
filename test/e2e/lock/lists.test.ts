import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type LockScene, openLockScene, someImage } from '../../tools/lockScene.ts'
import { needs } from '../../tools/needs.ts'
import { pushImage, pushIndex, type Registry, startRegistry } from '../../tools/registry.ts'

const files = {
  text: 'images.txt',
  json: 'images.json',
  mapping: 'mapping.txt',
  'skopeo-sync': 'skopeo-sync.yaml',
  imageset: 'imageset.yaml',
  blueprint: 'blueprint.toml',
  hauler: 'hauler.yaml',
} as const

describe('lists that other tools take', needs('skopeo', 'docker-registry', 'openssl', 'python3'), () => {
  let scene: LockScene
  let mirror: Registry
  beforeAll(async () => {
    scene = await openLockScene()
    mirror = await startRegistry(join(scene.directory, 'mirror'))
    scene.insecure(scene.registry.host, mirror.host)
    const { host } = scene.registry
    await pushIndex(
      `${host}/deep/er/plugin`,
      [someImage('plugin'), someImage('arm', { architecture: 'arm64' })],
      '0.17',
    )
    const digest = await pushImage(`${host}/by-digest`, someImage('by-digest', { type: 'docker' }))
    scene.spec({
      mirrors: { [host]: `${mirror.host}/edge`, [`${host}/deep`]: `${mirror.host}/flat` },
      extraImages: [`${host}/deep/er/plugin:0.17`, `${host}/by-digest@${digest}`],
    })
    expect(await scene.edge(['lock', '-f', 'edge.yaml'])).toMatchObject({ status: 0 })
    expect(await scene.edge(['generate', '-f', 'edge.yaml', '-o', 'bundle'])).toMatchObject({ status: 0 })
  })
  afterAll(() => {
    mirror.close()
    scene.close()
  })
  const nameOf = (reference: string) => reference.replace(/@.*$/, '').replace(/:[^:/]*$/, '')
  const digestOf = (name: string) =>
    Object.entries(scene.lock()).find(([reference]) => reference.startsWith(name))?.[1].digest ?? ''

  test.each(Object.entries(files))(
    '%s: the command says what the bundle holds, of a spec and of a bundle, mirrored or not',
    async (format, file) => {
      for (const mirrored of [false, true]) {
        const options = ['--format', format, ...(mirrored ? ['--mirrored'] : [])]
        const ofBundle = await scene.edge(['images', 'bundle', ...options])
        expect(ofBundle).toEqual(await scene.edge(['images', '-f', 'edge.yaml', ...options]))
        if (format !== 'text')
          expect(ofBundle.stdout).toBe(scene.file(`bundle/images/${mirrored ? 'mirrored/' : ''}${file}`))
      }
    },
  )

  test('skopeo sync takes its list, and the other registry has every digest', async () => {
    expect(load(scene.file('bundle/images/skopeo-sync.yaml'))).toEqual({
      [scene.registry.host]: {
        images: {
          kserve: [digestOf('kserve')],
          ovms: [digestOf('ovms')],
          model: [digestOf('model')],
          'deep/er/plugin': [digestOf('deep')],
          'by-digest': [digestOf('by-digest')],
        },
      },
    })
    // Without --scoped, which takes no registry with a port; the last part of a name is left.
    const sync = ['sync', '--all', '--preserve-digests', '--src', 'yaml']
    expect(
      await scene.run('skopeo', [...sync, '--dest', 'docker', 'bundle/images/skopeo-sync.yaml', `${mirror.host}/sync`]),
    ).toMatchObject({ status: 0 })
    for (const image of Object.values(scene.lock())) {
      const name = `${mirror.host}/sync/${nameOf(image.reference).split('/').at(-1) ?? ''}@${image.digest}`
      expect(await scene.run('skopeo', ['inspect', '--raw', `docker://${name}`])).toMatchObject({ status: 0 })
    }
    expect(
      await scene.run('skopeo', [...sync, '--scoped', '--dest', 'dir', 'bundle/images/skopeo-sync.yaml', 'medium']),
    ).toMatchObject({ status: 0 })
    for (const { reference, digest } of Object.values(scene.lock()))
      expect(scene.file(`medium/${nameOf(reference)}@${digest}/manifest.json`)).toContain('schemaVersion')
  })

  test('a loop over the mapping fills the mirrors; what is mirrored is there, and locks to the same digests', async () => {
    const { host } = scene.registry
    expect(scene.file('bundle/images/mirrored/mapping.txt').split('\n')).toContain(
      `${host}/deep/er/plugin@${digestOf('deep')}=${mirror.host}/flat/er/plugin:0.17`,
    )
    const loop =
      'while IFS== read -r from to; do skopeo copy --all --preserve-digests "docker://$from" "docker://$to" || exit 1; done < bundle/images/mirrored/mapping.txt'
    expect(await scene.run('sh', ['-c', loop])).toMatchObject({ status: 0 })
    const mirrored = scene.file('bundle/images/mirrored/images.txt').trim().split('\n')
    expect(mirrored).toHaveLength(5)
    for (const reference of mirrored) {
      expect(reference.startsWith(`${mirror.host}/`)).toBe(true)
      expect(await scene.run('skopeo', ['inspect', '--raw', `docker://${reference}`])).toMatchObject({ status: 0 })
    }
    // A machine whose registries.conf names the mirror locks the same bytes, from the mirror alone.
    mkdirSync(join(scene.directory, 'home/.config/containers/registries.conf.d'), { recursive: true })
    writeFileSync(
      join(scene.directory, 'home/.config/containers/registries.conf'),
      `[[registry]]\nlocation = "${host}"\nblocked = false\n[[registry.mirror]]\nlocation = "${mirror.host}/edge"\ninsecure = true\n[[registry]]\nprefix = "${host}/deep"\nlocation = "${host}/deep"\n[[registry.mirror]]\nlocation = "${mirror.host}/flat"\ninsecure = true\n`,
    )
    const asked = scene.registry.requests.length
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '-o', 'again.yaml'])).status).toBe(0)
    expect(scene.file('again.yaml')).toBe(scene.file('edge.lock.yaml'))
    expect(scene.registry.requests.length).toBe(asked)
    scene.insecure(host, mirror.host)
  })

  test('the blueprint is TOML: sources by digest, names as the device asks', async () => {
    const { stdout } = await scene.run('python3', [
      '-c',
      'import json, sys, tomllib; print(json.dumps(tomllib.load(open(sys.argv[1], "rb"))))',
      'bundle/images/blueprint.toml',
    ])
    const { host } = scene.registry
    expect(JSON.parse(stdout)).toEqual({
      containers: [
        { source: `${host}/kserve@${digestOf('kserve')}`, name: `${host}/kserve:1` },
        { source: `${host}/ovms@${digestOf('ovms')}` },
        { source: `${host}/model@${digestOf('model')}` },
        { source: `${host}/deep/er/plugin@${digestOf('deep')}`, name: `${host}/deep/er/plugin:0.17` },
        { source: `${host}/by-digest@${digestOf('by-digest')}` },
      ],
    })
  })

  test('oc-mirror and Hauler get what their documents show', () => {
    const { host } = scene.registry
    const names = [
      `kserve@${digestOf('kserve')}`,
      `ovms@${digestOf('ovms')}`,
      `model@${digestOf('model')}`,
      `deep/er/plugin@${digestOf('deep')}`,
      `by-digest@${digestOf('by-digest')}`,
    ].map((name) => `${host}/${name}`)
    expect(load(scene.file('bundle/images/imageset.yaml'))).toEqual({
      apiVersion: 'mirror.openshift.io/v2alpha1',
      kind: 'ImageSetConfiguration',
      mirror: { additionalImages: names.map((name) => ({ name })) },
    })
    expect(load(scene.file('bundle/images/hauler.yaml'))).toEqual({
      apiVersion: 'content.hauler.cattle.io/v1',
      kind: 'Images',
      metadata: { name: 'edge' },
      spec: { images: names.map((name) => ({ name, platform: 'linux/amd64' })) },
    })
  })

  test('--mirrored without mirrors is wrong usage', async () => {
    expect(await scene.edge(['images', '--example', 'ovms-resnet50', '--mirrored'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('spec.mirrors') as unknown,
    })
  })
})
