import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildImage, embeddedIn, generateBundle, storageBelow } from '../../tools/bootcBundle.ts'
import { canBuildImages, openWorkshop, type Workshop } from '../../tools/imageBuild.ts'
import { releaseInfoBelow } from '../../tools/payload.ts'
import { makeLayer, pushImage, pushIndex, type Registry, startRegistry } from '../../tools/registry.ts'

describe.runIf(canBuildImages())('an image build', () => {
  let registry: Registry
  let workshop: Workshop
  let images: Record<string, string>
  let spec: { models: readonly { name: string; source: string; format: string }[]; [field: string]: unknown }
  let core: string

  beforeAll(async () => {
    registry = await startRegistry(mkdtempSync(join(tmpdir(), 'edge-registry-')))
    const at = (repository: string) => `${registry.host}/${repository}`
    const system = makeLayer({ 'bin/sh': randomBytes(300_000) })
    const base = makeLayer({ 'bin/ls': randomBytes(200_000) })
    const small = (name: string) => makeLayer({ [name]: randomBytes(20_000) })
    const controller = await pushImage(at('kserve/controller'), { layers: [system, small('manager')] })
    const ovms = await pushImage(at('servers/ovms'), { layers: [system, small('ovms')], type: 'docker' })
    const one = await pushIndex(at('models/one'), [{ layers: [base, small('models/one')] }, { layers: [small('arm/ls'), small('models/one')], architecture: 'arm64' }])
    await pushImage(at('models/two'), { layers: [base, small('models/two')] }, '1.0')
    const three = await pushImage(at('models/three'), { layers: [base, small('models/three')] })
    core = `${at('core/router')}@${await pushImage(at('core/router'), { layers: [system, small('router')] })}`
    images = { 'kserve-controller': `${at('kserve/controller')}@${controller}`, 'kserve-agent': `${at('kserve/agent')}:not-there`, 'ovms-image': `${at('servers/ovms')}@${ovms}` }
    spec = {
      models: [
        { name: 'one', source: `oci://${at('models/one')}@${one}`, format: 'onnx' },
        { name: 'two', source: `oci://${at('models/two')}:1.0`, format: 'onnx' },
        { name: 'three', source: `oci://${at('models/three')}:2.0@${three}`, format: 'onnx' },
      ],
    }
    workshop = await openWorkshop(registry.host, {
      'usr/share/microshift/release/release-x86_64.json': JSON.stringify({ release: { base: '4.20.0' }, images: { router: core } }),
      [releaseInfoBelow]: JSON.stringify({ images, release: { base: '2.22.1' } }, undefined, 4),
      'usr/bin/bootc': '#!/bin/sh\necho "bootc $*" > /usr/share/linted\n',
    })
  })

  afterAll(() => {
    workshop.close()
    registry.close()
  })

  const generate = (name: string, more: object = {}) => {
    const { bootc, ...rest } = { bootc: {}, ...more }
    return generateBundle(join(workshop.directory, name), images, { ...spec, ...rest, bootc: { from: workshop.base, install: false, ...bootc } })
  }

  it('holds what the device asks for, each image by the name that it asks with, in the documented layout', async () => {
    const built = await buildImage(workshop, generate('closure'), 'localhost/closure:1')
    expect(built.stderr + built.stdout).toContain('embed-image')
    expect(built.status).toBe(0)
    const storage = await workshop.unpack('localhost/closure:1', storageBelow)
    const embedded = embeddedIn(storage)
    expect(Object.keys(embedded).sort()).toEqual([core, images['kserve-controller'], images['ovms-image'], ...spec.models.map(({ source }) => source.slice('oci://'.length))].sort())
    for (const [reference, { directory, links }] of Object.entries(embedded)) {
      expect(directory).toBe(createHash('sha256').update(`${reference}\n`).digest('hex'))
      for (const [name, target] of Object.entries(links)) expect(target).toBe(`../blobs/${name}`)
      const copy = await workshop.run('skopeo', ['copy', '--all', '--preserve-digests', `dir:${join(storage, directory)}`, `dir:${join(workshop.directory, `copy-${directory}`)}`])
      expect(copy.status).toBe(0)
    }
    // Every blob is there, and nothing else.
    const blobs = readdirSync(join(storage, 'blobs')).sort()
    expect(blobs).toEqual([...new Set(Object.values(embedded).flatMap(({ links }) => Object.keys(links)))].sort())
    for (const blob of blobs) expect(createHash('sha256').update(readFileSync(join(storage, 'blobs', blob))).digest('hex')).toBe(blob)
    expect(readdirSync(storage).sort()).toEqual([...Object.values(embedded).map(({ directory }) => directory), 'blobs', 'image-list.txt'].sort())
    expect(existsSync(join(await workshop.unpack('localhost/closure:1', 'var'), 'lib/containers'))).toBe(false)
    expect(readFileSync(join(await workshop.unpack('localhost/closure:1', 'usr/share'), 'linted'), 'utf8')).toBe('bootc container lint\n')
  })
})

