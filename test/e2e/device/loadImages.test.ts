import { openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { areMissing } from '../../tools/debian.ts'
import { Device } from '../../tools/device.ts'
import { temporaryDirectory } from '../../tools/edge.ts'
import { OciLayout } from '../../tools/ociLayout.ts'
import { mountsAreRefused } from '../../tools/privateMount.ts'

const base = randomBytes(300_000)
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64'
const other = architecture === 'amd64' ? 'arm64' : 'amd64'

/** Three images that share a layer: by tag, by the digest of an index, by tag and digest. */
const embedded = () => {
  const oci = new OciLayout(join(temporaryDirectory(), 'oci'))
  const device = new Device()
  const source = (name: string) => `oci:${oci.directory}:${name}`
  oci.image('tagged', { architecture, layers: [base, 'tagged'] })
  const index = oci.index('index', [{ architecture: other, layers: ['not for this machine'] }, { architecture, layers: [base, 'index'] }])
  const digest = oci.image('both', { architecture, layers: [base, randomBytes(200_000)] })
  const references = [`quay.io/org/tagged:v1`, `quay.io/org/index@${index}`, `quay.io/org/both:v2@${digest}`] as const
  const images = [device.embed(references[0], source('tagged')), device.embed(references[1], source('index')), device.embed(references[2], source('both'))]
  device.describe({ images })
  return { device, oci, source, images, references }
}

/** The blobs of an embedded image, in the order of its layers. */
const layersOf = (device: Device, directory: string): string[] => {
  const manifest = JSON.parse(readFileSync(join(device.layout, directory, 'manifest.json'), 'utf8')) as { layers: { digest: string }[] }
  return manifest.layers.map(({ digest }) => digest)
}

const blobPath = (device: Device, digest: string) => join(device.layout, 'blobs', digest.slice('sha256:'.length))

const flipByte = (path: string) => {
  const bytes = readFileSync(path)
  const at = bytes.length >> 1
  writeSync(openSync(path, 'r+'), Uint8Array.of((bytes[at] ?? 0) ^ 1), 0, 1, at)
}

describe.skipIf(areMissing('skopeo', 'podman', 'jq', 'dash') || mountsAreRefused())('load-images', () => {
  test.each(['dash', 'busybox sh', 'bash --posix'])('empty storage: every image is there by the name that manifests ask for; a second run loads nothing (%s)', (shell) => {
    const { device, references } = embedded()
    device.env['EDGE_SHELL'] = shell
    const first = device.run('load-images')
    expect(first).toMatchObject({ status: 0, stderr: '' })
    expect(first.stdout.split('\n').map((line) => line.replace(/in \d+ s$/, 'in N s').replace(/[\d.]+ GB free/, 'N GB free'))).toEqual([
      '3 images are embedded, 3 of them are not in the storage',
      expect.stringMatching(/^to load: [\d.]+ kB for \/var\/lib\/containers\/storage, [\d.]+ kB at the peak for \/var\/tmp, N GB free for both$/),
      ...references.flatMap((reference, index) => [
        expect.stringMatching(`^image ${index + 1}/3 ${reference}: loading [0-9.]+ kB$`) as unknown,
        expect.stringMatching(`^image ${index + 1}/3 ${reference}: loaded [0-9.]+ kB in N s$`) as unknown,
      ]),
      '',
    ])
    expect(device.names()).toEqual([...references].sort())
    // CRI-O asks the same resolver; with the digest alone it finds the image that has a tag as well.
    for (const name of [...references, references[2].replace(':v2', '')]) {
      expect(device.shell(`skopeo inspect --raw 'containers-storage:${name}'`)).toMatchObject({ status: 0, stderr: '' })
    }
    expect(device.run('load-images')).toEqual({ status: 0, stderr: '', stdout: '3 images are embedded, 0 of them are not in the storage\n' })
  })

  test('as systemd starts it, without HOME, and with errors marked for the journal', () => {
    const { device, images } = embedded()
    rmSync(blobPath(device, layersOf(device, images[2]?.directory ?? '')[1] ?? ''))
    const { status, stdout } = device.shell('exec env -i PATH="$PATH" EDGE_ROOT="$EDGE_ROOT" CONTAINERS_STORAGE_CONF="$CONTAINERS_STORAGE_CONF" JOURNAL_STREAM=8:1 usr/libexec/edge/load-images')
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringMatching(/^<3>image 3\/3 .* is missing: /m) as unknown })
    expect(stdout.match(/: loaded/g)).toHaveLength(2)
  })

  test('an image that somebody removed, or CRI-O wiped, is loaded again', () => {
    const { device, references } = embedded()
    device.run('load-images')
    device.shell(`podman rmi '${references[0]}'`)
    expect(device.run('load-images').stdout).toContain(`3 images are embedded, 1 of them are not in the storage\n`)
    expect(device.names()).toEqual([...references].sort())
    device.shell('podman system reset --force')
    expect(device.run('load-images')).toMatchObject({ status: 0, stdout: expect.stringContaining('3 of them are not in the storage') as unknown })
    expect(device.names()).toEqual([...references].sort())
  })

  test('a digest that another repository has is not this repository: podman says yes to it', () => {
    const { device, images, references } = embedded()
    device.shell(`skopeo copy -q 'dir:${device.layout}/${images[1]?.directory ?? ''}' 'containers-storage:${references[1].replace('org', 'elsewhere')}'`)
    expect(device.shell(`podman image exists '${references[1]}'`).status).toBe(0)
    expect(device.run('load-images').stdout).toContain(`2/3 ${references[1]}: loaded`)
    expect(device.names()).toContain(references[1])
  })

  const damages: Record<string, { make: (device: Device, digest: string) => void; says: (digest: string) => string }> = {
    'a flipped byte': { make: (device, digest) => flipByte(blobPath(device, digest)), says: (digest) => `blob ${digest} is damaged: /usr/lib/containers/storage/blobs/${digest.slice(7)}` },
    'a blob cut short': { make: (device, digest) => writeFileSync(blobPath(device, digest), 'short'), says: (digest) => `blob ${digest} is damaged: ` },
    'a missing blob': { make: (device, digest) => rmSync(blobPath(device, digest)), says: (digest) => `blob ${digest} is missing: /usr/lib/containers/storage/` },
  }
  test.each(Object.entries(damages))('%s: it is named, that image fails alone, and the status is 1', (_, { make, says }) => {
    const { device, images, references } = embedded()
    const digest = layersOf(device, images[2]?.directory ?? '')[1] ?? ''
    make(device, digest)
    const { status, stdout } = device.run('load-images')
    expect(stdout).toContain(`image 3/3 ${references[2]}: not loaded: ${says(digest)}`)
    expect(stdout.match(/not loaded/g)).toHaveLength(1)
    expect(status).toBe(1)
    expect(device.names()).toEqual([references[1], references[0]].sort())
  })

  test('damage in what images share fails each of them', () => {
    const { device, images } = embedded()
    flipByte(blobPath(device, layersOf(device, images[0]?.directory ?? '')[0] ?? ''))
    const { status, stdout } = device.run('load-images')
    expect({ status, lines: stdout.match(/not loaded: blob sha256:[0-9a-f]{64} is damaged/g)?.length }).toEqual({ status: 1, lines: 3 })
    expect(device.names()).toEqual([])
  })

  test.each(['manifest.json', '.'])('an image without its %s fails alone', (name) => {
    const { device, images, references } = embedded()
    rmSync(join(device.layout, images[0]?.directory ?? '', name), { recursive: true })
    const { status, stdout } = device.run('load-images')
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(`image 1/3 ${references[0]}: not loaded: its manifest is missing: `) as unknown })
    expect(device.names()).toHaveLength(2)
  })

  test.each(['', '{"schemaVersion": 2, "manif'])('a manifest that holds %j fails alone', (text) => {
    const { device, images, references } = embedded()
    writeFileSync(join(device.layout, images[0]?.directory ?? '', 'manifest.json'), text)
    const { status, stdout } = device.run('load-images')
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(`image 1/3 ${references[0]}: not loaded: its manifest is damaged: `) as unknown })
    expect(device.names()).toHaveLength(2)
  })

  test('an image for another machine says so', () => {
    const { device, oci, source } = embedded()
    oci.index('foreign', [{ architecture: other, layers: ['x'] }])
    device.describe({ images: [device.embed('quay.io/org/foreign:v1', source('foreign'))] })
    expect(device.run('load-images')).toMatchObject({ status: 1, stdout: expect.stringMatching(/foreign:v1: not loaded: it has no image for \w+\n/) as unknown })
  })

  test('a tag of a former content is loaded anew, and the former image is removed', () => {
    const { device, oci, source, references } = embedded()
    device.run('load-images')
    oci.image('renewed', { architecture, layers: [base, 'renewed'] })
    rmSync(device.layout, { recursive: true })
    device.describe({ images: [device.embed(references[0], source('renewed'))] })
    const { status, stdout } = device.run('load-images')
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(`1/1 ${references[0]}: loaded`) as unknown })
    expect(device.names()).toEqual([references[0]])
    expect(stdout.match(/of a former bundle: removed/g)).toHaveLength(3)
  })

  test('images of a former bundle go, those of other people stay, those in use go when they can', () => {
    const { device, images, references } = embedded()
    device.shell(`skopeo copy -q 'dir:${device.layout}/${images[0]?.directory ?? ''}' containers-storage:localhost/mine:1`)
    device.run('load-images')
    const id = /^([0-9a-f]{64}) .*both/m.exec(device.read('var/lib/edge/loaded-images'))?.[1] ?? ''
    writeFileSync(join(device.layout, 'image-list.txt'), '')
    device.describe({ images: images.slice(1, 2) })
    device.shell(`buildah from --name worker ${id}`)
    const inUse = device.run('load-images')
    expect(inUse).toMatchObject({ status: 0, stdout: expect.stringMatching(/both:v2@.* stays for now: .*in use/) as unknown })
    expect(inUse.stdout).toContain(`image ${references[0]} of a former bundle: its name is removed, the image has others\n`)
    expect(device.names()).toEqual(['localhost/mine:1', references[1], references[2]].sort())
    device.shell('buildah rm worker')
    expect(device.run('load-images').stdout).toContain(`image ${references[2]} of a former bundle: removed`)
    expect(device.names()).toEqual(['localhost/mine:1', references[1]])
    expect(device.read('var/lib/edge/loaded-images')).toContain(references[1])
  })

  test('what is no reference is refused and goes nowhere; the others are loaded', () => {
    const { device, images, references } = embedded()
    const hostile = ['--help', '$(touch pwned)', '[overlay@/tmp]quay.io/a:1', 'a b', "x'; touch pwned; '", 'a\nb', '']
    device.describe({ images: [...hostile.map((reference) => ({ reference, directory: images[0]?.directory })), { reference: 'quay.io/a:1', directory: '../../../etc' }, ...images] })
    const { status, stdout } = device.run('load-images')
    expect(status).toBe(1)
    expect(stdout.match(/this is no reference with its directory/g)).toHaveLength(8)
    expect(device.names()).toEqual([...references].sort())
    expect(device.shell('find . -name "pwned*"').stdout).toBe('')
  })

  test('images of the list alone, MicroShift’s own, are loaded; a damaged or empty device.json removes nothing', () => {
    const { device, references } = embedded()
    device.describe({})
    expect(device.run('load-images').status).toBe(0)
    writeFileSync(join(device.layout, 'image-list.txt'), '')
    for (const text of ['{"images": []', '']) {
      device.write('usr/lib/edge/device.json', text)
      expect(device.run('load-images')).toMatchObject({ status: 1, stdout: expect.stringContaining('/usr/lib/edge/device.json is missing or damaged') as unknown })
    }
    expect(device.names()).toEqual([...references].sort())
  })

  const small = (storage: string, staging: string) => `mount -t tmpfs -o size=${storage} tmpfs "$EDGE_ROOT/var/lib/containers" && mount -t tmpfs -o size=${staging} tmpfs "$EDGE_ROOT/var/tmp"`

  test('a full disk: figures before anything is copied, what fits is loaded, the status is 1', () => {
    const { device, oci, source, images } = embedded()
    oci.image('large', { architecture, layers: [randomBytes(30_000_000)] })
    device.describe({ images: [device.embed('quay.io/org/large:v1', source('large')), ...images] })
    const noStorage = device.run('load-images', small('16m', '64m'))
    expect(noStorage.status).toBe(1)
    expect(noStorage.stdout).toMatch(/what is missing may not fit: 30\.\d MB for \/var\/lib\/containers\/storage, 30\.0 MB at the peak for \/var\/tmp, 16\.\d MB and 67\.\d MB free/)
    expect(noStorage.stdout).toMatch(/image 1\/4 quay\.io\/org\/large:v1: not loaded, no space: it needs 30\.\d MB for /)
    expect(noStorage.stdout.match(/: loaded/g)).toHaveLength(3)
    const noStaging = device.run('load-images', small('64m', '16m'))
    expect(noStaging).toMatchObject({ status: 1, stdout: expect.stringContaining('large:v1: not loaded, no space') as unknown })
    expect(device.run('load-images', small('64m', '64m')).status).toBe(0)
  })

  test('a disk that is full of a former bundle: that one goes first', () => {
    const { device, oci, source } = embedded()
    const [former, next] = ['former', 'next'].map((name) => {
      oci.image(name, { architecture, layers: [randomBytes(30_000_000)] })
      return device.embed(`quay.io/org/${name}:v1`, source(name))
    })
    device.describe({ images: [next] })
    device.shell('mv usr/lib/edge/device.json next.json')
    device.describe({ images: [former] })
    const { status, stdout } = device.shell(`rm usr/lib/containers/storage/image-list.txt\n${small('50m', '64m')}\ndash usr/libexec/edge/load-images\nmv next.json usr/lib/edge/device.json\ndash usr/libexec/edge/load-images`)
    expect({ status, lines: stdout.split('\n').filter((line) => /may not fit|removed|: loaded/.test(line)) }).toEqual({
      status: 0,
      lines: [
        expect.stringContaining('former:v1: loaded') as unknown,
        expect.stringContaining('may not fit') as unknown,
        expect.stringContaining('former:v1 of a former bundle: removed') as unknown,
        expect.stringContaining('next:v1: loaded') as unknown,
      ],
    })
  })

  test('a disk that fills up meanwhile: skopeo’s own words', () => {
    const { device, oci, source } = embedded()
    // Zeros: the file says 60 MB when it is unpacked, and more than four times its size is not believed beforehand.
    oci.image('zeros', { architecture, layers: [new Uint8Array(60_000_000)] })
    rmSync(join(device.layout, 'image-list.txt'))
    device.describe({ images: [device.embed('quay.io/org/zeros:v1', source('zeros'))] })
    expect(device.run('load-images', small('16m', '64m'))).toMatchObject({ status: 1, stdout: expect.stringMatching(/zeros:v1: not loaded: .*no space left on device/) as unknown })
  })
})
