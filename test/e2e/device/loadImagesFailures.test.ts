import { randomBytes } from 'node:crypto'
import { openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mounts, needs, root } from '../../tools/needs.ts'
import type { Device } from '../../tools/device.ts'
import { architecture, blobPath, embedded, layersOf, other } from '../../tools/embeddedImages.ts'

const flipByte = (path: string) => {
  const bytes = readFileSync(path)
  const at = bytes.length >> 1
  writeSync(openSync(path, 'r+'), Uint8Array.of((bytes[at] ?? 0) ^ 1), 0, 1, at)
}

describe(
  'load-images, where something is wrong',
  needs('skopeo', 'podman', 'buildah', 'jq', 'dash', 'busybox', root, mounts),
  () => {
    const damages: Record<
      string,
      { make: (device: Device, digest: string) => void; says: (digest: string) => string }
    > = {
      'a flipped byte': {
        make: (device, digest) => flipByte(blobPath(device, digest)),
        says: (digest) => `blob ${digest} is damaged: /usr/lib/containers/storage/blobs/${digest.slice(7)}`,
      },
      'a blob cut short': {
        make: (device, digest) => writeFileSync(blobPath(device, digest), 'short'),
        says: (digest) => `blob ${digest} is damaged: `,
      },
      'a missing blob': {
        make: (device, digest) => rmSync(blobPath(device, digest)),
        says: (digest) => `blob ${digest} is missing: /usr/lib/containers/storage/`,
      },
    }
    test.each(Object.entries(damages))(
      '%s: it is named, that image fails alone, and the status is 1',
      (_, { make, says }) => {
        const { device, images, references } = embedded()
        const digest = layersOf(device, images[2]?.directory ?? '')[1] ?? ''
        make(device, digest)
        const { status, stdout } = device.run('load-images')
        expect(stdout).toContain(`image 3/3 ${references[2]}: not loaded: ${says(digest)}`)
        expect(stdout.match(/not loaded/g)).toHaveLength(1)
        expect(status).toBe(1)
        expect(device.names()).toEqual([references[1], references[0]].sort())
      },
    )

    test('damage in what images share fails each of them', () => {
      const { device, images } = embedded()
      flipByte(blobPath(device, layersOf(device, images[0]?.directory ?? '')[0] ?? ''))
      const { status, stdout } = device.run('load-images')
      expect({ status, lines: stdout.match(/not loaded: blob sha256:[0-9a-f]{64} is damaged/g)?.length }).toEqual({
        status: 1,
        lines: 3,
      })
      expect(device.names()).toEqual([])
    })

    test.each(['manifest.json', '.'])('an image without its %s fails alone', (name) => {
      const { device, images, references } = embedded()
      rmSync(join(device.layout, images[0]?.directory ?? '', name), { recursive: true })
      const { status, stdout } = device.run('load-images')
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: expect.stringContaining(`image 1/3 ${references[0]}: not loaded: its manifest is missing: `) as unknown,
      })
      expect(device.names()).toHaveLength(2)
    })

    test.each(['', '{"schemaVersion": 2, "manif'])('a manifest that holds %j fails alone', (text) => {
      const { device, images, references } = embedded()
      writeFileSync(join(device.layout, images[0]?.directory ?? '', 'manifest.json'), text)
      const { status, stdout } = device.run('load-images')
      expect({ status, stdout }).toEqual({
        status: 1,
        stdout: expect.stringContaining(`image 1/3 ${references[0]}: not loaded: its manifest is damaged: `) as unknown,
      })
      expect(device.names()).toHaveLength(2)
    })

    test('an image for another machine says so', () => {
      const { device, oci, source } = embedded()
      oci.index('foreign', [{ architecture: other, layers: ['x'] }])
      device.describe({ images: [device.embed('quay.io/org/foreign:v1', source('foreign'))] })
      expect(device.run('load-images')).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/foreign:v1: not loaded: it has no image for \w+\n/) as unknown,
      })
    })

    const small = (storage: string, staging: string) =>
      `mount -t tmpfs -o size=${storage} tmpfs "$EDGE_ROOT/var/lib/containers" && mount -t tmpfs -o size=${staging} tmpfs "$EDGE_ROOT/var/tmp"`

    test('a full disk: figures before anything is copied, what fits is loaded, the status is 1', () => {
      const { device, oci, source, images } = embedded()
      oci.image('large', { architecture, layers: [randomBytes(30_000_000)] })
      device.describe({ images: [device.embed('quay.io/org/large:v1', source('large')), ...images] })
      const noStorage = device.run('load-images', small('16m', '64m'))
      expect(noStorage.status).toBe(1)
      expect(noStorage.stdout).toMatch(
        /what is missing may not fit: 30\.\d MB for \/var\/lib\/containers\/storage, 30\.0 MB at the peak for \/var\/tmp, 16\.\d MB and 67\.\d MB free/,
      )
      expect(noStorage.stdout).toMatch(
        /image 1\/4 quay\.io\/org\/large:v1: not loaded, no space: it needs 30\.\d MB for /,
      )
      expect(noStorage.stdout.match(/: loaded/g)).toHaveLength(3)
      const noStaging = device.run('load-images', small('64m', '16m'))
      expect(noStaging).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('large:v1: not loaded, no space') as unknown,
      })
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
      const { status, stdout } = device.shell(
        `rm usr/lib/containers/storage/image-list.txt\n${small('50m', '64m')}\ndash usr/libexec/edge/load-images\nmv next.json usr/lib/edge/device.json\ndash usr/libexec/edge/load-images`,
      )
      expect({ status, lines: stdout.split('\n').filter((line) => /may not fit|removed|: loaded/.test(line)) }).toEqual(
        {
          status: 0,
          lines: [
            expect.stringContaining('former:v1: loaded') as unknown,
            expect.stringContaining('may not fit') as unknown,
            expect.stringContaining('former:v1 of a former bundle: removed') as unknown,
            expect.stringContaining('next:v1: loaded') as unknown,
          ],
        },
      )
    })

    test('a disk that fills up meanwhile: skopeo’s own words', () => {
      const { device, oci, source } = embedded()
      // Zeros: the file says 60 MB when it is unpacked, and more than four times its size is not believed beforehand.
      oci.image('zeros', { architecture, layers: [new Uint8Array(60_000_000)] })
      rmSync(join(device.layout, 'image-list.txt'))
      device.describe({ images: [device.embed('quay.io/org/zeros:v1', source('zeros'))] })
      expect(device.run('load-images', small('16m', '64m'))).toMatchObject({
        status: 1,
        stdout: expect.stringMatching(/zeros:v1: not loaded: .*no space left on device/) as unknown,
      })
    })
  },
)
