import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { baseLayer, layerOf, type LockScene, noise, openLockScene, someImage } from '../../tools/lockScene.ts'
import { needs } from '../../tools/needs.ts'
import { makeLayer, pushImage, pushIndex } from '../../tools/registry.ts'

/** Images of every kind, by name: what is pushed, and what the lock says of it. */
const kinds = {
  oci: (to: string) => pushImage(to, someImage('oci'), '1'),
  docker: (to: string) => pushImage(to, someImage('docker', { type: 'docker' }), '1'),
  index: (to: string) =>
    pushIndex(
      to,
      [someImage('arm', { architecture: 'arm64' }), someImage('index'), someImage('s390x', { architecture: 's390x' })],
      '1',
    ),
  twice: (to: string) => pushImage(to, { layers: [baseLayer, layerOf('twice'), layerOf('twice')] }, '1'),
  stargz: (to: string) =>
    pushImage(
      to,
      {
        layers: [layerOf('stargz')],
        layerFields: { annotations: { 'io.containers.estargz.uncompressed-size': '12345' } },
      },
      '1',
    ),
}

describe('edge lock against a registry', needs('skopeo', 'docker-registry', 'openssl'), () => {
  let scene: LockScene
  const digests: Record<string, string> = {}
  beforeAll(async () => {
    scene = await openLockScene()
    for (const [name, push] of Object.entries(kinds)) digests[name] = await push(`${scene.registry.host}/${name}`)
  })
  afterAll(() => scene.close())

  test('knows images and indexes, of Docker and of OCI', async () => {
    scene.spec({ extraImages: Object.keys(kinds).map((name) => `${scene.registry.host}/${name}:1`) })
    expect(await scene.edge(['lock', '-f', 'edge.yaml'])).toMatchObject({ status: 0, stdout: '' })
    const lock = scene.lock()
    for (const name of Object.keys(kinds))
      expect(lock[`${name}:1`]).toMatchObject({ digest: digests[name], type: name === 'index' ? 'index' : 'image' })
    expect(lock['index:1']).toMatchObject({
      architectures: ['amd64', 'arm64', 's390x'],
      layers: [{ digest: baseLayer.digest, size: baseLayer.bytes.length }, { digest: layerOf('index').digest }],
    })
    expect(lock['twice:1']?.layers).toHaveLength(2)
    expect(lock['stargz:1']?.unpacked).toBe(12_345)
    expect(Object.values(lock).filter(({ unpacked }) => unpacked !== undefined)).toHaveLength(1)
    expect(scene.file('edge.lock.yaml')).toMatch(/^# Made by `edge lock`/)
  })

  test.each(Object.keys(kinds))('its sizes are the bytes that the registry sends: %s', async (name) => {
    const { size, allSize = size } = scene.lock()[`${name}:1`] ?? { size: 0 }
    for (const [options, expected] of [
      [[], size],
      [['--all'], allSize],
    ] as const) {
      const before = scene.registry.sent()
      rmSync(join(scene.directory, 'copy'), { recursive: true, force: true })
      expect(
        await scene.run('skopeo', ['copy', ...options, `docker://${scene.registry.host}/${name}:1`, 'dir:copy']),
      ).toMatchObject({ status: 0 })
      // The ping `/v2/` answers `{}`.
      const sent = scene.registry.sent() - before - 2
      expect(Math.abs(sent - expected) / sent, `${sent} bytes sent ${options.join('')}`).toBeLessThan(0.001)
    }
  })

  test('the same registry gives the same bytes, and nothing is asked that is known', async () => {
    const before = scene.file('edge.lock.yaml')
    const asked = scene.registry.requests.length
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).stderr).toContain('is as it was')
    expect(scene.registry.requests.length).toBe(asked)
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '--update'])).stderr).toContain('is as it was')
    expect(scene.registry.requests.length).toBeGreaterThan(asked)
    rmSync(join(scene.directory, 'edge.lock.yaml'))
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '-o', '-'])).stdout).toBe(before)
  })

  test('a digest is asked for once: the entry of what it names never changes', async () => {
    const reference = `${scene.registry.host}/oci@${digests['oci'] ?? ''}`
    scene.spec({ extraImages: [reference] })
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).status).toBe(0)
    const asked = scene.registry.requests.length
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '--update', reference])).status).toBe(0)
    expect(scene.registry.requests.length).toBe(asked)
    expect(scene.lock()[`oci@${digests['oci'] ?? ''}`]?.digest).toBe(digests['oci'])
  })

  test('--update says what moved, and touches what it names alone', async () => {
    scene.spec({ extraImages: [`${scene.registry.host}/moving:1`] })
    const to = (name: string) => `${scene.registry.host}/${name}`
    const old = await pushImage(to('moving'), someImage('before'), '1')
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).status).toBe(0)
    const model = scene.lock()['model:1']?.digest ?? ''
    const moved = await pushImage(to('moving'), someImage('after'), '1')
    const modelMoved = await pushImage(to('model'), someImage('model-2'), '1')
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).stderr).toContain('is as it was')

    expect((await scene.edge(['lock', '-f', 'edge.yaml', '--update', 'some'])).stderr).toContain(
      `${to('model')}:1 moved: ${model} → ${modelMoved}\n`,
    )
    expect(scene.lock()['moving:1']?.digest).toBe(old)
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '--update'])).stderr).toContain(
      `${to('moving')}:1 moved: ${old} → ${moved}\n`,
    )
    expect(scene.lock()).toMatchObject({ 'moving:1': { digest: moved }, 'model:1': { digest: modelMoved } })
    expect(await scene.edge(['lock', '-f', 'edge.yaml', '--update', 'sone'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('did you mean some?') as unknown,
    })

    scene.spec({})
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).stderr).toContain(
      `${to('moving')}:1: nothing asks for it any more, its entry goes`,
    )
    expect(Object.keys(scene.lock())).toEqual(['kserve:1', 'model:1', 'ovms:1'])
  })

  test('generate takes it: manifests of its own name digests, and so does everything that pulls', async () => {
    await pushImage(
      `${scene.registry.host}/shell`,
      someImage('shell', { config: { Entrypoint: ['/bin/sh', '-c'] } }),
      'latest',
    )
    scene.spec({
      models: [{ name: 'some', source: `oci://${scene.registry.host}/shell:latest`, format: 'openvino_ir' }],
    })
    expect((await scene.edge(['generate', '-f', 'edge.yaml', '-o', 'refused'])).status).toBe(2)
    expect(await scene.edge(['lock', '-f', 'edge.yaml'])).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('ENTRYPOINT "/bin/sh -c"') as unknown,
    })
    const { stderr, status } = await scene.edge(['generate', '-f', 'edge.yaml', '-o', 'bundle'])
    expect({ status, codes: [...stderr.matchAll(/\[([a-z-]+)\]/g)].map(([, code]) => code) }).toEqual({
      status: 0,
      codes: ['modelcar-entrypoint'],
    })
    const lock = scene.lock()
    const pinned = (name: string, tag = '1') => `${scene.registry.host}/${name}@${lock[`${name}:${tag}`]?.digest ?? ''}`
    expect(scene.file('bundle/manifests.d/100-some-bundle/inferenceservice-some.yaml')).toContain(
      `storageUri: oci://${pinned('shell', 'latest')}\n`,
    )
    expect(scene.file('bundle/manifests.d/100-some-bundle/servingruntime-kserve-ovms.yaml')).toContain(
      `image: ${pinned('ovms')}\n`,
    )
    expect(scene.file('bundle/images/images.txt')).toBe(
      `${scene.registry.host}/kserve:1\n${pinned('ovms')}\n${pinned('shell', 'latest')}\n`,
    )
    expect(scene.file('bundle/bootc/Containerfile')).toContain(
      `"${scene.registry.host}/kserve:1", "docker://${pinned('kserve')}"`,
    )
    const { images, budget } = JSON.parse(scene.file('bundle/bundle.json')) as {
      images: { digest: string; size: number; shared: number }[]
      budget: { download: number; unknown: string[] }
    }
    expect(images.map(({ digest }) => digest)).toEqual(
      [lock['kserve:1'], lock['ovms:1'], lock['shell:latest']].map((image) => image?.digest),
    )
    expect(images.every(({ shared }) => shared === baseLayer.bytes.length)).toBe(true)
    expect(budget).toMatchObject({
      download: images.reduce((sum, { size }) => sum + size, 0) - 2 * baseLayer.bytes.length,
      unknown: [],
    })
    expect(JSON.parse(scene.file('bundle/images/images.json'))).toMatchObject({ budget })
    expect(scene.file('bundle/README.md')).toContain('To download: 1')
    expect((await scene.edge(['generate', '-f', 'edge.yaml', '-o', 'bundle', '--check'])).status).toBe(0)
  })

  test('what cannot be written is said before anything is lost', async () => {
    scene.spec({})
    mkdirSync(join(scene.directory, 'a-directory'), { recursive: true })
    expect(await scene.edge(['lock', '-f', 'edge.yaml', '-o', 'a-directory'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('a-directory') as unknown,
    })
    expect((await scene.edge(['lock', '-f', 'edge.yaml', '-o', 'nowhere/lock'])).status).toBe(2)
    writeFileSync(join(scene.directory, 'edge.lock.yaml'), 'images: [')
    expect(await scene.edge(['lock', '-f', 'edge.yaml'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/edge\.lock\.yaml:1:\d+: error: this is no valid YAML/) as unknown,
    })
    expect(scene.file('edge.lock.yaml')).toBe('images: [')
    rmSync(join(scene.directory, 'edge.lock.yaml'))
  })

  test('a layer that is not compressed is as large as it is', async () => {
    const tar = makeLayer({ file: noise(3, 1000) })
    await pushImage(
      `${scene.registry.host}/plain`,
      { layers: [tar], layerFields: { mediaType: 'application/vnd.oci.image.layer.v1.tar' } },
      '1',
    )
    scene.spec({ extraImages: [`${scene.registry.host}/plain:1`] })
    expect((await scene.edge(['lock', '-f', 'edge.yaml'])).status).toBe(0)
    expect(scene.lock()['plain:1']?.unpacked).toBe(tar.bytes.length)
  })
})
