import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildImage, built, embeddedIn, storageBelow } from '../../tools/bootcBundle.ts'
import { imageBuilds } from '../../tools/imageBuild.ts'
import { releaseInfoBelow } from '../../tools/payload.ts'
import { makeLayer, pushImage } from '../../tools/registry.ts'
import { openScene, type Scene } from '../../tools/scene.ts'

/** Nothing but KServe's controller: a short build. */
const little = { core: false, runtimes: false, models: false }

describe('an image build that meets trouble', { ...imageBuilds, timeout: 600_000 }, () => {
  let scene: Scene
  beforeAll(async () => {
    scene = await openScene()
  }, 600_000)
  afterAll(() => scene.close(), 600_000)

  it('tries a registry again that fails twice', async () => {
    const bundle = scene.generate('retried', { bootc: { embed: little } })
    scene.registry.failNext(/\/kserve\/controller\/manifests\//, 2)
    const { stdout, stderr } = await built(scene.workshop, bundle, 'localhost/retried:1')
    expect(`${stdout}${stderr}`).toMatch(/attempt 1 of 6 failed[^]*attempt 2 of 6 failed/)
    expect(Object.keys(embeddedIn(await scene.workshop.unpack('localhost/retried:1', storageBelow)))).toEqual([
      scene.images['kserve-controller'],
    ])
  })

  it('fails at once for an image that is not there, and names it', async () => {
    const bundle = scene.generate('missing', {
      extraImages: [`${scene.registry.host}/models/four:1`],
      bootc: { embed: little },
    })
    const { status, stdout, stderr } = await buildImage(scene.workshop, bundle, 'localhost/missing:1')
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain(`cannot get ${scene.registry.host}/models/four:1`)
    expect(`${stdout}${stderr}`).not.toContain('attempt 1')
  })

  it('fails for one of the images that it takes KServe to need', async () => {
    const bundle = scene.generate('all-of-kserve', { bootc: { embed: { ...little, kserve: 'all' } } })
    const { status, stdout, stderr } = await buildImage(scene.workshop, bundle, 'localhost/missing:2')
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain(`cannot get ${scene.images['kserve-agent'] ?? ''}`)
  })

  it('stops when the image holds another release than the bundle, and says what differs', async () => {
    // The base image of a newer release: one image of it has another name.
    const { 'kserve-agent': agent = '', ...others } = scene.images
    const context = join(scene.workshop.directory, 'newer')
    mkdirSync(context)
    writeFileSync(
      join(context, 'release-info.json'),
      JSON.stringify({ release: { base: '2.25.0' }, images: { ...others, 'kserve-agents': agent } }),
    )
    writeFileSync(
      join(context, 'Containerfile'),
      `FROM ${scene.workshop.base}\nCOPY release-info.json /${releaseInfoBelow}\n`,
    )
    const newer = await scene.workshop.run('buildah', ['build', '--pull-never', '-t', 'localhost/newer:1', context])
    expect(newer.status === 0 ? '' : newer.stderr).toBe('')

    const bundle = scene.generate('drifted', { bootc: { from: 'localhost/newer:1', embed: little } })
    const { status, stdout, stderr } = await buildImage(scene.workshop, bundle, 'localhost/drifted:1')
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`)
      .toContain(`check-release: the image holds another release than the bundle was made from:
  image kserve-agent: the bundle has ${agent}, the image has none
  image kserve-agents: the bundle has none, the image has ${agent}
  release base: the bundle has 2.22.1, the image has 2.25.0
`)
  })

  it('refuses an image for another machine', async () => {
    const repository = `${scene.registry.host}/models/arm`
    const digest = await pushImage(repository, { layers: [makeLayer({ 'models/m': 'm' })], architecture: 'arm64' })
    const { status, stdout, stderr } = await buildImage(
      scene.workshop,
      scene.generate('arm', { extraImages: [`${repository}@${digest}`], bootc: { embed: little } }),
      'localhost/arm:1',
    )
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`).toMatch(/is no image for amd64, but for arm64/)
  })

  it('asks a private registry with the pull secret, and leaves nothing of it', async () => {
    const bundle = scene.generate('private', { bootc: { embed: little } })
    const secret = join(scene.workshop.directory, 'pull-secret.json')
    writeFileSync(
      secret,
      JSON.stringify({ auths: { [scene.registry.host]: { auth: Buffer.from('me:open sesame').toString('base64') } } }),
    )
    Object.assign(scene.registry.login, { username: 'me', password: 'open sesame' })
    try {
      const refused = await buildImage(scene.workshop, bundle, 'localhost/private:1', ['--no-cache'])
      expect(refused.status).not.toBe(0)
      await built(scene.workshop, bundle, 'localhost/private:1', ['--pull-secret', secret])
    } finally {
      scene.registry.login.username = ''
    }
    const holds = await scene.workshop.run('grep', [
      '-rl',
      Buffer.from('me:open sesame').toString('base64'),
      join(await scene.workshop.unpack('localhost/private:1', '.')),
    ])
    expect(holds.stdout).toBe('')
  })

  it('refuses references that are none, whoever names them', async () => {
    const script = join(scene.generate('hostile', { bootc: { embed: little } }), 'bootc/embed-image')
    const directory = scene.workshop.directory
    for (const reference of [
      '$(touch hacked)',
      'quay.io/a b',
      '-o',
      '; touch hacked',
      'quay.io/a`touch hacked`',
      "quay.io/'",
      'quay.io/a\ntouch hacked',
      '',
    ]) {
      for (const words of [[reference], ['--first', reference]]) {
        const { status } = await scene.workshop.run('sh', [script, ...words], {
          env: { EDGE_STORAGE: join(directory, 'hostile-storage'), EDGE_NAMES: join(directory, 'hostile-names') },
        })
        expect(status).toBe(1)
      }
    }
    const list = join(directory, 'hostile.json')
    writeFileSync(list, JSON.stringify({ images: { a: 'quay.io/a$(touch hacked)' } }))
    expect((await scene.workshop.run('sh', [script, '--core', list])).status).toBe(1)
    expect((await scene.workshop.run('ls', [directory])).stdout.split('\n')).not.toContain('hacked')
  })
})
