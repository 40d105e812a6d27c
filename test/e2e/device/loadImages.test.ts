import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { mounts, needs, root } from '../../tools/needs.ts'
import { architecture, base, blobPath, embedded, layersOf } from '../../tools/embeddedImages.ts'

describe('load-images', needs('skopeo', 'podman', 'buildah', 'jq', 'dash', 'busybox', root, mounts), () => {
  test.each(['dash', 'busybox sh', 'bash --posix'])(
    'empty storage: every image is there by the name that manifests ask for; a second run loads nothing (%s)',
    (shell) => {
      const { device, references } = embedded()
      device.env['EDGE_SHELL'] = shell
      const first = device.run('load-images')
      expect(first).toMatchObject({ status: 0, stderr: '' })
      expect(
        first.stdout
          .split('\n')
          .map((line) => line.replace(/in \d+ s$/, 'in N s').replace(/[\d.]+ GB free/, 'N GB free')),
      ).toEqual([
        '3 images are embedded, 3 of them are not in the storage',
        expect.stringMatching(
          /^to load: [\d.]+ kB for \/var\/lib\/containers\/storage, [\d.]+ kB at the peak for \/var\/tmp, N GB free for both$/,
        ),
        ...references.flatMap((reference, index) => [
          expect.stringMatching(`^image ${index + 1}/3 ${reference}: loading [0-9.]+ kB$`) as unknown,
          expect.stringMatching(`^image ${index + 1}/3 ${reference}: loaded [0-9.]+ kB in N s$`) as unknown,
        ]),
        '',
      ])
      expect(device.names()).toEqual([...references].sort())
      // CRI-O asks the same resolver; with the digest alone it finds the image that has a tag as well.
      for (const name of [...references, references[2].replace(':v2', '')]) {
        expect(device.shell(`skopeo inspect --raw 'containers-storage:${name}'`)).toMatchObject({
          status: 0,
          stderr: '',
        })
      }
      expect(device.run('load-images')).toEqual({
        status: 0,
        stderr: '',
        stdout: '3 images are embedded, 0 of them are not in the storage\n',
      })
    },
  )

  test('as systemd starts it, without HOME, and with errors marked for the journal', () => {
    const { device, images } = embedded()
    rmSync(blobPath(device, layersOf(device, images[2]?.directory ?? '')[1] ?? ''))
    const { status, stdout } = device.shell(
      'exec env -i PATH="$PATH" EDGE_ROOT="$EDGE_ROOT" CONTAINERS_STORAGE_CONF="$CONTAINERS_STORAGE_CONF" JOURNAL_STREAM=8:1 usr/libexec/edge/load-images',
    )
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringMatching(/^<3>image 3\/3 .* is missing: /m) as unknown,
    })
    expect(stdout.match(/: loaded/g)).toHaveLength(2)
  })

  test('an image that somebody removed, or CRI-O wiped, is loaded again', () => {
    const { device, references } = embedded()
    device.run('load-images')
    device.shell(`podman rmi '${references[0]}'`)
    expect(device.run('load-images').stdout).toContain(`3 images are embedded, 1 of them are not in the storage\n`)
    expect(device.names()).toEqual([...references].sort())
    device.shell('podman system reset --force')
    expect(device.run('load-images')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('3 of them are not in the storage') as unknown,
    })
    expect(device.names()).toEqual([...references].sort())
  })

  test('a digest that another repository has is not this repository: podman says yes to it', () => {
    const { device, images, references } = embedded()
    device.shell(
      `skopeo copy -q 'dir:${device.layout}/${images[1]?.directory ?? ''}' 'containers-storage:${references[1].replace('org', 'elsewhere')}'`,
    )
    expect(device.shell(`podman image exists '${references[1]}'`).status).toBe(0)
    expect(device.run('load-images').stdout).toContain(`2/3 ${references[1]}: loaded`)
    expect(device.names()).toContain(references[1])
  })

  test('a tag of a former content is loaded anew, and the former image is removed', () => {
    const { device, oci, source, references } = embedded()
    device.run('load-images')
    oci.image('renewed', { architecture, layers: [base, 'renewed'] })
    rmSync(device.layout, { recursive: true })
    device.describe({ images: [device.embed(references[0], source('renewed'))] })
    const { status, stdout } = device.run('load-images')
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringContaining(`1/1 ${references[0]}: loaded`) as unknown,
    })
    expect(device.names()).toEqual([references[0]])
    expect(stdout.match(/of a former bundle: removed/g)).toHaveLength(3)
  })

  test('images of a former bundle go, those of other people stay, those in use go when they can', () => {
    const { device, images, references } = embedded()
    device.shell(
      `skopeo copy -q 'dir:${device.layout}/${images[0]?.directory ?? ''}' containers-storage:localhost/mine:1`,
    )
    device.run('load-images')
    const id = /^([0-9a-f]{64}) .*both/m.exec(device.read('var/lib/edge/loaded-images'))?.[1] ?? ''
    writeFileSync(join(device.layout, 'image-list.txt'), '')
    device.describe({ images: images.slice(1, 2) })
    device.shell(`buildah from --name worker ${id}`)
    const inUse = device.run('load-images')
    expect(inUse).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/both:v2@.* stays for now: .*in use/) as unknown,
    })
    expect(inUse.stdout).toContain(
      `image ${references[0]} of a former bundle: its name is removed, the image has others\n`,
    )
    expect(device.names()).toEqual(['localhost/mine:1', references[1], references[2]].sort())
    device.shell('buildah rm worker')
    expect(device.run('load-images').stdout).toContain(`image ${references[2]} of a former bundle: removed`)
    expect(device.names()).toEqual(['localhost/mine:1', references[1]])
    expect(device.read('var/lib/edge/loaded-images')).toContain(references[1])
  })

  test('what is no reference is refused and goes nowhere; the others are loaded', () => {
    const { device, images, references } = embedded()
    const hostile = ['--help', '$(touch pwned)', '[overlay@/tmp]quay.io/a:1', 'a b', "x'; touch pwned; '", 'a\nb', '']
    device.describe({
      images: [
        ...hostile.map((reference) => ({ reference, directory: images[0]?.directory })),
        { reference: 'quay.io/a:1', directory: '../../../etc' },
        ...images,
      ],
    })
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
      expect(device.run('load-images')).toMatchObject({
        status: 1,
        stdout: expect.stringContaining('/usr/lib/edge/device.json is missing or damaged') as unknown,
      })
    }
    expect(device.names()).toEqual([...references].sort())
  })
})
