import { createHash, randomBytes } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildImage, built, embeddedIn, loadImages, storageBelow } from '../../tools/bootcBundle.ts'
import { imageBuilds } from '../../tools/imageBuild.ts'
import { makeLayer, pushImage, pushIndex } from '../../tools/registry.ts'
import { openScene, type Scene } from '../../tools/scene.ts'

const little = { core: false, runtimes: false }

describe('an image build with models from archives', { ...imageBuilds, timeout: 600_000 }, () => {
  let scene: Scene
  /** The archives, in a folder. */
  let archives: string

  /** Copies an image of the registry into an archive, as the documentation says. */
  const archive = async (name: string, transport: string, file: string, more: readonly string[] = []) => {
    const { status, stderr } = await scene.workshop.run('skopeo', [
      'copy',
      '--src-tls-verify=false',
      ...more,
      `docker://${scene.registry.host}/models/${name}:1`,
      `${transport}:${join(archives, file)}`,
    ])
    expect(status === 0 ? '' : stderr).toBe('')
  }
  const push = (name: string) =>
    pushImage(
      `${scene.registry.host}/models/${name}`,
      { layers: [scene.modelBase, makeLayer({ [`models/${name}`]: randomBytes(20_000) })] },
      '1',
    )
  const models = [
    { name: 'one', source: 'oci-archive:models/an oci.tar', format: 'onnx' },
    { name: 'two', source: 'docker-archive:models/docker.tar', format: 'onnx' },
    { name: 'three', source: 'oci-archive:models/index.tar', format: 'onnx' },
  ]
  /** Generates with the archives beside the spec. */
  const generate = (name: string, more: object = {}) => {
    const directory = join(scene.workshop.directory, name)
    cpSync(archives, join(directory, 'models'), { recursive: true })
    return { directory, bundle: scene.generate(name, { models, bootc: { embed: little }, ...more }) }
  }
  /** The names that the bundle's models have on a device. */
  const namesIn = (bundle: string): string[] =>
    (
      JSON.parse(readFileSync(join(bundle, 'bootc/rootfs/usr/lib/edge/device.json'), 'utf8')) as {
        images: { reference: string }[]
      }
    ).images
      .map(({ reference }) => reference)
      .filter((reference) => reference.startsWith('localhost/edge/'))

  beforeAll(async () => {
    scene = await openScene()
    archives = join(scene.workshop.directory, 'archives')
    mkdirSync(archives)
    for (const name of ['oci', 'docker']) await push(name)
    const layer = (name: string) => makeLayer({ [name]: randomBytes(20_000) })
    await pushIndex(
      `${scene.registry.host}/models/index`,
      [{ layers: [scene.modelBase, layer('x')] }, { layers: [layer('y')], architecture: 'arm64' }],
      '1',
    )
    await archive('oci', 'oci-archive', 'an oci.tar')
    await archive('docker', 'docker-archive', 'docker.tar')
    await archive('index', 'oci-archive', 'index.tar', ['--all'])
  }, 600_000)
  afterAll(() => scene.close(), 600_000)

  it('holds them in the documented layout; a device has each by its name, and loads nothing a second time', async () => {
    const { directory, bundle } = generate('held')
    await built(scene.workshop, bundle, 'localhost/held:1', ['--archives', directory])
    const names = namesIn(bundle)
    expect(names.map((name) => name.replace(/[0-9a-f]{12}$/, 'HEX'))).toEqual(
      ['one', 'two', 'three'].map((name) => `localhost/edge/${name}:sha256-HEX`),
    )
    const root = await scene.workshop.unpack('localhost/held:1', '.')
    const storage = join(root, storageBelow)
    expect(Object.keys(embeddedIn(storage)).sort()).toEqual([...names, scene.images['kserve-controller']].sort())
    for (const blob of readdirSync(join(storage, 'blobs')))
      expect(
        createHash('sha256')
          .update(readFileSync(join(storage, 'blobs', blob)))
          .digest('hex'),
      ).toBe(blob)
    expect(readFileSync(join(root, 'etc/crio/crio.conf.d/60-edge-pinned-images.conf'), 'utf8')).toContain(
      `"${names[0] ?? ''}"`,
    )
    // Nothing of the build stays.
    expect(existsSync(join(root, 'run/edge'))).toBe(false)
    expect(readdirSync(join(root, 'var/tmp'))).toEqual([])
    expect(existsSync(join(root, 'usr/lib/edge/build/archives/models'))).toBe(false)

    expect(await loadImages(scene.workshop, root)).toMatchObject({ status: 0, stderr: '' })
    const env = { CONTAINERS_STORAGE_CONF: join(root, 'storage.conf') }
    for (const name of names)
      expect(
        (
          await scene.workshop.run('unshare', ['--mount', 'skopeo', 'inspect', '--raw', `containers-storage:${name}`], {
            env,
          })
        ).status,
      ).toBe(0)
    expect((await loadImages(scene.workshop, root)).stdout).toContain('0 of them are not in the storage')
  })

  it('gives the same layers again; another archive has another name, and leaves the layers of the other models as they are', async () => {
    const layersOf = async (tag: string): Promise<string[]> =>
      (
        await scene.workshop.run('buildah', [
          'inspect',
          '--type',
          'image',
          '--format',
          '{{.Docker.RootFS.DiffIDs}}',
          tag,
        ])
      ).stdout.match(/sha256:[0-9a-f]{64}/g) ?? []
    const first = generate('first')
    await built(scene.workshop, first.bundle, 'localhost/first:1', ['--archives', first.directory])
    await built(scene.workshop, first.bundle, 'localhost/first:2', ['--archives', first.directory, '--no-cache'])
    const before = await layersOf('localhost/first:1')
    expect(await layersOf('localhost/first:2')).toEqual(before)

    await push('docker')
    const held = join(archives, 'docker.tar')
    rmSync(held)
    await archive('docker', 'docker-archive', 'docker.tar')
    const second = generate('second')
    expect(namesIn(second.bundle).map((name, index) => name === namesIn(first.bundle)[index])).toEqual([
      true,
      false,
      true,
    ])
    // The layer cache knows nothing of the archive's content: the name makes it another instruction.
    await built(scene.workshop, second.bundle, 'localhost/second:1', ['--archives', second.directory])
    const after = await layersOf('localhost/second:1')
    const steps =
      readFileSync(join(second.bundle, 'bootc/Containerfile'), 'utf8').match(/^(?:FROM|COPY|RUN) .*$/gm) ?? []
    expect(after).toHaveLength(steps.length)
    // The model, the list of images, the manifests, the device's files in two steps, and the probes, whose expected.json says
    // what the device has to serve: the name of the model's image too.
    expect(steps.filter((_, index) => after[index] !== before[index])).toEqual([
      expect.stringContaining(namesIn(second.bundle)[1] ?? 'no name'),
      expect.stringMatching(/^RUN .*"--list"\]$/),
      expect.stringMatching(/^COPY \["manifests\.d\//),
      expect.stringMatching(/^COPY .*"bootc\/rootfs\/"/),
      expect.stringMatching(/^RUN chmod 0644 /),
      expect.stringMatching(/^COPY .*"probes\/"/),
    ])
    const storage = await scene.workshop.unpack('localhost/second:1', storageBelow)
    expect(Object.keys(embeddedIn(storage))).toEqual(expect.arrayContaining(namesIn(second.bundle)))
    expect(Object.keys(embeddedIn(storage))).not.toContain(namesIn(first.bundle)[1])

    // The bundle of before with the archive of now.
    cpSync(held, join(first.directory, 'models/docker.tar'))
    const { status, stdout, stderr } = await buildImage(scene.workshop, first.bundle, 'localhost/first:3', [
      '--archives',
      first.directory,
      '--no-cache',
    ])
    expect(status).not.toBe(0)
    expect(`${stdout}${stderr}`).toContain(
      'models/docker.tar is another image than the bundle was made from: generate the bundle again',
    )
  })

  it('asks for the directory of the archives, and says when it is another', async () => {
    const { bundle } = generate('asked')
    for (const [options, message] of [
      [[], 'models of this image come from archives: give --archives DIR, the directory of the spec'],
      [['--archives', 'nowhere'], 'the directory of --archives is not there'],
      [['--archives', bundle], `there is no ${bundle}/models/an oci.tar: --archives is the directory of the spec`],
    ] as const) {
      expect(await buildImage(scene.workshop, bundle, 'localhost/asked:1', options)).toEqual({
        status: 2,
        stdout: '',
        stderr: `build.sh: ${message}\n`,
      })
    }
  })

  it('has none of them when the image build leaves models out', async () => {
    const { bundle } = generate('left-out', { bootc: { embed: { ...little, models: false } } })
    await built(scene.workshop, bundle, 'localhost/left-out:1')
    expect(readFileSync(join(bundle, 'README.md'), 'utf8')).toContain(
      "skopeo copy 'oci-archive:models/an oci.tar' containers-storage:localhost/edge/one:sha256-",
    )
  })

  it('may be put on a device by hand, with the commands of the README', async () => {
    const { directory, bundle } = generate('by-hand')
    const storage = join(directory, 'storage.conf')
    await scene.workshop.run('sh', [
      '-c',
      `printf '[storage]\\ndriver = "overlay"\\nrunroot = "%s/run"\\ngraphroot = "%s/graph"\\n' "$1" "$1" > "$2"`,
      'sh',
      directory,
      storage,
    ])
    const commands = readFileSync(join(bundle, 'README.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('skopeo copy'))
    expect(commands).toHaveLength(3)
    const { status, stdout, stderr } = await scene.workshop.run(
      'unshare',
      ['--mount', 'sh', '-euc', `${commands.join('\n')}\npodman images --format '{{.Repository}}:{{.Tag}}'`],
      { cwd: directory, env: { CONTAINERS_STORAGE_CONF: storage } },
    )
    expect(status === 0 ? '' : stderr).toBe('')
    for (const name of namesIn(bundle)) expect(stdout).toContain(`${name}\n`)
  })
})
