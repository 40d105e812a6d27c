import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { environment } from '../../tools/environment.ts'
import { type LockScene, openLockScene, someImage } from '../../tools/lockScene.ts'
import { needs } from '../../tools/needs.ts'
import {
  content,
  pushBlob,
  pushImage,
  pushIndex,
  pushManifest,
  type Registry,
  startRegistry,
} from '../../tools/registry.ts'
import { writeFiles } from '../../tools/spec.ts'

/** A line as `htpasswd -nbB somebody secret` prints it. */
const guardedLogin = 'somebody:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n'
const lock = ['lock', '-f', 'edge.yaml']
const codesOf = (stderr: string) => [...stderr.matchAll(/error: .*\[([a-z-]+)\]/g)].map(([, code]) => code)

describe('edge lock and what registries do', needs('skopeo', 'docker-registry', 'openssl'), () => {
  let scene: LockScene
  beforeAll(async () => {
    scene = await openLockScene()
  })
  afterAll(() => scene.close())
  const lockFile = () => join(scene.directory, 'edge.lock.yaml')
  const fresh = () => rmSync(lockFile(), { force: true })

  test.each([
    ['429', { status: 429 }],
    ['500', { status: 500 }],
    ['503', { status: 503 }],
    ['a slow answer', { delay: 700 }],
  ])('%s now and then is waited for', async (_, how) => {
    fresh()
    scene.spec({})
    scene.registry.failNext(/manifests/, 3, how)
    expect(await scene.edge(lock)).toMatchObject({ status: 0 })
    expect(Object.keys(scene.lock())).toEqual(['kserve:1', 'model:1', 'ovms:1'])
  })

  test('an answer that never comes ends with the attempts, and nothing is written', async () => {
    fresh()
    scene.spec({})
    scene.registry.failNext(/model\/manifests/, 5, { delay: 3000 })
    const { status, stderr } = await scene.edge([...lock, '--timeout', '0.4'])
    expect({ status, codes: codesOf(stderr), written: existsSync(lockFile()) }).toEqual({
      status: 3,
      codes: ['registry-fails'],
      written: false,
    })
    expect(stderr).toContain('failed 5 times: no answer within 0.4 s')
    expect(stderr).toContain('1 of 3 images could not be locked')
  }, 30_000)

  test('everything that fails is listed, each with its place, and an old lock stays', async () => {
    fresh()
    scene.spec({})
    expect((await scene.edge(lock)).status).toBe(0)
    const before = scene.file('edge.lock.yaml')
    const { host } = scene.registry
    await pushImage(`${host}/arm`, someImage('arm', { architecture: 'arm64' }), '1')
    await pushIndex(
      `${host}/arms`,
      [someImage('arm', { architecture: 'arm64' }), someImage('s390x', { architecture: 's390x' })],
      '1',
    )
    const artifact = content('{}')
    await pushBlob(`${host}/artifact`, artifact)
    const blob = { mediaType: 'application/vnd.oci.empty.v1+json', digest: artifact.digest, size: 2 }
    await pushManifest(
      `${host}/artifact`,
      content(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          config: blob,
          layers: [blob],
        }),
      ),
      'application/vnd.oci.image.manifest.v1+json',
      '1',
    )
    scene.spec({
      extraImages: ['arm:1', 'arms:1', 'artifact:1', 'nothing:1', 'model:no-such-tag'].map((name) => `${host}/${name}`),
    })
    const { status, stderr } = await scene.edge(lock)
    expect({ status, codes: codesOf(stderr) }).toEqual({
      status: 2,
      codes: ['image-architecture', 'image-architecture', 'image-unusable', 'image-not-found', 'image-not-found'],
    })
    expect([...stderr.matchAll(/^edge\.yaml:\d+:\d+: error/gm)]).toHaveLength(5)
    expect(stderr).toContain(`${host}/arm:1 is for linux/arm64`)
    expect(stderr).toContain(`${host}/arms:1 is for linux/arm64 or linux/s390x`)
    expect(stderr).toContain(`\`skopeo list-tags docker://${host}/model\``)
    expect(scene.file('edge.lock.yaml')).toBe(before)
  })

  test('an index of nothing', async () => {
    fresh()
    const { host } = scene.registry
    const index = content(
      JSON.stringify({
        schemaVersion: 2,
        mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json',
        manifests: [],
      }),
    )
    await pushManifest(`${host}/empty`, index, 'application/vnd.docker.distribution.manifest.list.v2+json', '1')
    scene.spec({ extraImages: [`${host}/empty:1`] })
    const { status, stderr } = await scene.edge(lock)
    expect({ status, codes: codesOf(stderr) }).toEqual({ status: 2, codes: ['image-architecture'] })
  })

  test('a registry that is not there', async () => {
    fresh()
    scene.spec({ extraImages: ['127.0.0.1:9/some/image:1'] })
    const { status, stderr } = await scene.edge(lock)
    expect({ status, codes: codesOf(stderr) }).toEqual({ status: 3, codes: ['registry-fails'] })
  })

  test('logins: --authfile, and a registry that wants one and gets none', async () => {
    fresh()
    const htpasswd = join(scene.directory, 'htpasswd')
    writeFileSync(htpasswd, guardedLogin)
    const guarded: Registry = await startRegistry(join(scene.directory, 'registry'), htpasswd)
    try {
      scene.insecure(scene.registry.host, guarded.host)
      scene.spec({ extraImages: [`${guarded.host}/model:1`] })
      const denied = await scene.edge(lock)
      expect({ status: denied.status, codes: codesOf(denied.stderr) }).toEqual({ status: 3, codes: ['image-denied'] })
      expect(denied.stderr).toContain(`\`skopeo login ${guarded.host}\``)
      const auth = (password: string) =>
        JSON.stringify({ auths: { [guarded.host]: { auth: Buffer.from(`somebody:${password}`).toString('base64') } } })
      writeFiles(scene.directory, { 'auth.json': auth('secret'), 'wrong.json': auth('wrong') })
      expect((await scene.edge([...lock, '--authfile', 'wrong.json'])).status).toBe(3)
      const good = await scene.edge([...lock, '--authfile', 'auth.json'])
      expect(good.status).toBe(0)
      expect(scene.file('edge.lock.yaml') + good.stderr).not.toContain(
        Buffer.from('somebody:secret').toString('base64'),
      )
      fresh()
      expect(await scene.edge([...lock, '--authfile', 'no-such.json'])).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('no-such.json') as unknown,
      })
    } finally {
      guarded.close()
    }
  })

  test('TLS: a certificate that nobody trusts, and one that is', async () => {
    fresh()
    scene.insecure(scene.registry.host)
    scene.spec({ extraImages: [`${scene.registry.secureHost}/model:1`] })
    const { status, stderr } = await scene.edge(lock)
    expect({ status, codes: codesOf(stderr) }).toEqual({ status: 3, codes: ['registry-fails'] })
    expect(stderr).toContain('trust its certificate')
    writeFiles(scene.directory, {
      [`home/.config/containers/certs.d/${scene.registry.secureHost}/ca.crt`]: scene.registry.certificate,
    })
    expect((await scene.edge(lock)).status).toBe(0)
  })

  test('without skopeo', async () => {
    fresh()
    scene.spec({})
    mkdirSync(join(scene.directory, 'nothing'), { recursive: true })
    expect(await scene.edge(lock, { PATH: join(scene.directory, 'nothing') })).toMatchObject({
      status: 3,
      stdout: '',
      stderr: expect.stringContaining('edge: skopeo is not installed\n') as unknown,
    })
  })

  test('an answer that is no manifest of ours, however long', async () => {
    fresh()
    writeFiles(scene.directory, { 'bin/skopeo': '#!/bin/sh\nexec head -c 100000000 /dev/zero\n' })
    await scene.run('chmod', ['+x', 'bin/skopeo'])
    scene.spec({})
    const { status, stderr } = await scene.edge(lock, {
      PATH: `${join(scene.directory, 'bin')}:${environment['PATH'] ?? ''}`,
    })
    expect({ status, codes: codesOf(stderr) }).toEqual({
      status: 3,
      codes: ['registry-fails', 'registry-fails', 'registry-fails'],
    })
    expect(stderr).toContain('the answer is larger than any manifest')
  })
})
