import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { built, embeddedIn, loadImages, storageBelow } from '../../tools/bootcBundle.ts'
import { imageBuilds } from '../../tools/imageBuild.ts'
import { makeLayer, pushImage } from '../../tools/registry.ts'
import { openScene, type Scene } from '../../tools/scene.ts'

describe('an image build', { ...imageBuilds, timeout: 600_000 }, () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene()
  }, 600_000)
  afterAll(() => scene.close(), 600_000)

  it('holds what the device asks for, each image by the name that it asks with, in the documented layout', async () => {
    await built(scene.workshop, scene.generate('closure'), 'localhost/closure:1')
    const storage = await scene.workshop.unpack('localhost/closure:1', storageBelow)
    const embedded = embeddedIn(storage)
    expect(Object.keys(embedded).sort()).toEqual(
      [
        scene.core,
        scene.images['kserve-controller'],
        scene.images['ovms-image'],
        ...scene.models.map(({ source }) => source.slice('oci://'.length)),
      ].sort(),
    )
    for (const [reference, { directory, links }] of Object.entries(embedded)) {
      expect(directory).toBe(createHash('sha256').update(`${reference}\n`).digest('hex'))
      for (const [name, target] of Object.entries(links)) expect(target).toBe(`../blobs/${name}`)
      const copy = await scene.workshop.run('skopeo', [
        'copy',
        '--all',
        '--preserve-digests',
        `dir:${join(storage, directory)}`,
        `dir:${join(scene.workshop.directory, `copy-${directory}`)}`,
      ])
      expect(copy.status).toBe(0)
    }
    // Every blob is there, and nothing else.
    const blobs = readdirSync(join(storage, 'blobs')).sort()
    expect(blobs).toEqual([...new Set(Object.values(embedded).flatMap(({ links }) => Object.keys(links)))].sort())
    for (const blob of blobs)
      expect(
        createHash('sha256')
          .update(readFileSync(join(storage, 'blobs', blob)))
          .digest('hex'),
      ).toBe(blob)
    expect(readdirSync(storage).sort()).toEqual(
      [...Object.values(embedded).map(({ directory }) => directory), 'blobs', 'image-list.txt'].sort(),
    )
    expect(existsSync(join(await scene.workshop.unpack('localhost/closure:1', 'var'), 'lib/containers'))).toBe(false)
    expect(readFileSync(join(await scene.workshop.unpack('localhost/closure:1', 'usr/share'), 'linted'), 'utf8')).toBe(
      'bootc container lint\n',
    )
  })

  /** What was built: digest of each layer, in their order. */
  const layersOf = async (tag: string): Promise<string[]> => {
    const { stdout } = await scene.workshop.run('buildah', [
      'inspect',
      '--type',
      'image',
      '--format',
      '{{.Docker.RootFS.DiffIDs}}',
      tag,
    ])
    return stdout.match(/sha256:[0-9a-f]{64}/g) ?? []
  }

  it('gives the same layers without a cache, and new ones only for what changed', async () => {
    const models = scene.models.slice(1)
    const bundle = scene.generate('again', { bootc: { embed: { core: false } }, models })
    await built(scene.workshop, bundle, 'localhost/again:1')
    await built(scene.workshop, bundle, 'localhost/again:2', ['--no-cache'])
    const before = await layersOf('localhost/again:1')
    expect(await layersOf('localhost/again:2')).toEqual(before)

    // Another model in the place of the first, whose layers hold what it shares with the second: only its own go to the registry.
    const push = (tag: string) =>
      scene.workshop.run('buildah', [
        'push',
        `localhost/again:${tag}`,
        `docker://${scene.registry.host}/os/again:${tag}`,
      ])
    expect((await push('1')).status).toBe(0)
    const held = scene.registry.blobs()
    const repository = `${scene.registry.host}/models/two`
    const digest = await pushImage(repository, {
      layers: [scene.modelBase, makeLayer({ 'models/two': randomBytes(20_000) })],
    })
    const others = models.map((model) =>
      model.name === 'two' ? { ...model, source: `oci://${repository}@${digest}` } : model,
    )
    await built(
      scene.workshop,
      scene.generate('changed', { bootc: { embed: { core: false } }, models: others }),
      'localhost/again:3',
      ['--no-cache'],
    )
    expect((await push('3')).status).toBe(0)
    const sent = [...scene.registry.blobs()]
      .filter(([blob]) => !held.has(blob))
      .reduce((bytes, [, size]) => bytes + size, 0)
    expect(scene.modelBase.bytes.length).toBeGreaterThan(200_000)
    expect(sent).toBeLessThan(100_000)
  })

  it('loads on a device that has nothing: every image by the name that the manifests ask for, and nothing a second time', async () => {
    await built(scene.workshop, scene.generate('loaded'), 'localhost/loaded:1')
    const root = await scene.workshop.unpack('localhost/loaded:1', '.')
    const first = await loadImages(scene.workshop, root)
    expect(first.stderr).toBe('')
    expect(first.status).toBe(0)
    const wanted = [
      scene.core,
      ...(
        JSON.parse(readFileSync(join(root, 'usr/lib/edge/device.json'), 'utf8')) as { images: { reference: string }[] }
      ).images.map(({ reference }) => reference),
    ]
    expect(wanted).toHaveLength(6)
    const env = { CONTAINERS_STORAGE_CONF: join(root, 'storage.conf') }
    for (const reference of wanted) {
      expect(first.stdout).toContain(reference)
      expect(
        (
          await scene.workshop.run(
            'unshare',
            ['--mount', 'skopeo', 'inspect', '--raw', `containers-storage:${reference}`],
            { env },
          )
        ).status,
      ).toBe(0)
    }
    const layers = () => readdirSync(join(root, 'var/lib/containers/storage/overlay')).length
    const before = layers()
    const second = await loadImages(scene.workshop, root)
    expect(second.status).toBe(0)
    expect(layers()).toBe(before)
    for (const reference of wanted) expect(second.stdout).not.toContain(reference)
  })

  it('is for one site, or for all of them, with one directory where MicroShift looks', async () => {
    const sites = [
      { name: 'plant-a', models: { one: { replicas: 2 }, three: null } },
      { name: 'plant-b', models: { two: null } },
    ]
    const shared = { sites }
    const one = scene.generate('one', { ...shared, bootc: { sites: 'plant-a', embed: { core: false } } })
    const all = scene.generate('all', { ...shared, bootc: { sites: 'all', embed: { core: false } } })
    await built(scene.workshop, one, 'localhost/one:1')
    await built(scene.workshop, all, 'localhost/all:1')
    const ofOne = await scene.workshop.unpack('localhost/one:1', 'usr/lib')
    expect(
      Object.keys(embeddedIn(join(ofOne, 'containers/storage'))).filter((reference) => reference.includes('/models/')),
    ).toHaveLength(2)
    expect(readlinkSync(join(ofOne, 'microshift/manifests.d/100-some-bundle'))).toBe(
      '/usr/lib/edge/manifests/overlays/plant-a',
    )
    expect(readdirSync(join(ofOne, 'edge/manifests/overlays'))).toEqual(['plant-a'])
    const ofAll = await scene.workshop.unpack('localhost/all:1', 'usr/lib')
    expect(
      Object.keys(embeddedIn(join(ofAll, 'containers/storage'))).filter((reference) => reference.includes('/models/')),
    ).toHaveLength(3)
    expect(existsSync(join(ofAll, 'microshift/manifests.d/100-some-bundle'))).toBe(false)
    expect(readdirSync(join(ofAll, 'edge/manifests/overlays'))).toEqual(['plant-a', 'plant-b'])
    expect(existsSync(join(ofAll, 'edge/manifests/manifests.d/100-some-bundle/kustomization.yaml'))).toBe(true)
  })

  it('finds a registry by its mirror', async () => {
    const mirrored = scene.models.map((model) => ({
      ...model,
      source: model.source.replace(`${scene.registry.host}/models`, 'models.example.com/mine'),
    }))
    const bundle = scene.generate('mirrored', {
      models: mirrored,
      mirrors: { 'models.example.com/mine': `${scene.registry.secureHost}/models` },
      bootc: { embed: { core: false } },
    })
    await built(scene.workshop, bundle, 'localhost/mirrored:1')
    expect(Object.keys(embeddedIn(await scene.workshop.unpack('localhost/mirrored:1', storageBelow)))).toContain(
      mirrored[0]?.source.slice('oci://'.length),
    )
    const mirrors = await scene.workshop.unpack('localhost/mirrored:1', 'etc/containers/registries.conf.d')
    expect(readFileSync(join(mirrors, '50-edge-mirrors.conf'), 'utf8')).toContain(
      `location = "${scene.registry.secureHost}/models"`,
    )
  })

  it('installs the release of the payload', async () => {
    const bundle = scene.generate('install', {
      bootc: {
        install: true,
        packages: ['vim-minimal', 'kernel-5.14.0-570.el9'],
        embed: { core: false, models: false, runtimes: false },
      },
    })
    await built(scene.workshop, bundle, 'localhost/install:1')
    const installed = readFileSync(
      join(await scene.workshop.unpack('localhost/install:1', 'usr/share'), 'installed'),
      'utf8',
    ).split('\n')
    expect(installed).toEqual(
      expect.arrayContaining([
        'microshift',
        'microshift-ai-model-serving-release-info',
        'vim-minimal',
        'kernel-5.14.0-570.el9',
      ]),
    )
    expect(Object.keys(embeddedIn(await scene.workshop.unpack('localhost/install:1', storageBelow)))).toEqual([
      scene.images['kserve-controller'],
    ])
  })
})
