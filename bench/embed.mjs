// npm run bench:embed [-- --mib N]: what embedding images costs, ours against the documented way, in one run. As root, with the
// packages of test/tools/debian.sh. Exits 1 when a goal is missed.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '..')
const { values } = parseArgs({
  options: { mib: { type: 'string', default: '200' }, keep: { type: 'boolean', default: false } },
})
/** Size of a model's own layer; the others are in proportion to it. */
const mib = Number(values.mib) * 2 ** 20

const copyScript =
  '#!/bin/sh\nwhile IFS=, read -r img sha; do skopeo copy --preserve-digests "dir:$1/$sha" "containers-storage:$img" || exit 1; done < "$1/image-list.txt"\n'

spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
const tools = await loadTools()
const place = mkdtempSync(join(tmpdir(), 'edge-bench-embed-'))
const registry = await tools.startRegistry(join(place, 'registry'))
const workshop = await tools.openWorkshop(registry.host, {
  'usr/share/microshift/release/release-x86_64.json': '{"images": {}}',
  'usr/lib/microshift/manifests.d/050-some/kustomization.yaml': 'resources: []\n',
})
try {
  await main()
} finally {
  workshop.close()
  registry.close()
  if (!values.keep) rmSync(place, { recursive: true, force: true })
}

/**
 * Five images as on a device: KServe's controller and two servers on one base, two models on another; then one of the models
 * replaced, the one that comes first and so holds their base.
 */
async function main() {
  const at = (repository) => `${registry.host}/${repository}`
  const layer = (name, size) => tools.makeLayer({ [name]: randomBytes(Math.round(size)) })
  const system = layer('usr/lib/system', 0.6 * mib)
  const modelBase = layer('bin/sh', 0.05 * mib)
  const push = async (repository, ...layers) => `${at(repository)}@${await tools.pushImage(at(repository), { layers })}`
  const controller = await push('kserve/controller', system, layer('manager', 0.3 * mib))
  const ovms = await push('servers/ovms', system, layer('ovms', 0.5 * mib))
  const other = await push('tools/plugin', system, layer('plugin', 0.2 * mib))
  const first = await push('models/first', modelBase, layer('models/first', mib))
  const second = await push('models/second', modelBase, layer('models/second', mib))
  const before = registry.blobs()
  const changed = await push('models/first', modelBase, layer('models/first', mib))
  const newBlobs = sum([...registry.blobs()].filter(([digest]) => !before.has(digest)))
  // Manifests are blobs to the registry, and files in the image.
  const uniqueBlobs = sum([...before])

  const images = { 'kserve-controller': controller, 'ovms-image': ovms }
  const bundle = (name, model) =>
    tools.generateBundle(join(place, name), images, {
      extraImages: [other],
      models: [
        { name: 'first', source: `oci://${model}`, format: 'onnx' },
        { name: 'second', source: `oci://${second}`, format: 'onnx' },
      ],
      bootc: { from: workshop.base, install: false, embed: { core: false } },
    })
  const releaseInfo = tools.releaseInfoText(images)
  writeFileSync(
    join(workshop.directory, 'Containerfile.release'),
    `FROM ${workshop.base}\nCOPY release.json /${tools.releaseInfoBelow}\n`,
  )
  writeFileSync(join(workshop.directory, 'release.json'), releaseInfo)
  await run('buildah', [
    'build',
    '--timestamp',
    '0',
    '-t',
    workshop.base,
    '-f',
    'Containerfile.release',
    workshop.directory,
  ])

  const ours = { before: bundle('before', first), after: bundle('after', changed) }
  const documented = (name, list) => {
    const directory = join(place, name)
    cpSync(join(ours.before, 'manifests.d'), join(directory, 'manifests.d'), { recursive: true })
    writeFileSync(join(directory, 'microshift-copy-images'), copyScript)
    writeFileSync(join(directory, 'Containerfile'), documentedContainerfile(workshop.base, list))
    return directory
  }
  const theirs = {
    before: documented('documented-before', [controller, ovms, other, first, second]),
    after: documented('documented-after', [controller, ovms, other, changed, second]),
  }

  const buildOurs = (directory, tag, ...options) =>
    run('sh', [
      join(directory, 'bootc/build.sh'),
      '--builder',
      'buildah',
      '-t',
      tag,
      ...options,
      '--',
      '--network',
      'host',
      '--pull-never',
    ])
  const buildTheirs = (directory, tag) =>
    run('buildah', ['build', '--layers', '--network', 'host', '--pull-never', '-t', tag, directory])

  // The base itself is pushed before: neither way sends it.
  await pushed(workshop.base, `${at('base/base')}:1`)
  const results = []
  const row = (name, our, their, unit, goal, reference) =>
    results.push({
      name,
      ours: our,
      documented: their,
      unit,
      ...(goal === undefined ? {} : { goal, ratio: our / reference, ok: our / reference <= goal }),
    })

  const cold = {
    ours: await timed(() => buildOurs(ours.before, 'localhost/ours:1')),
    theirs: await timed(() => buildTheirs(theirs.before, 'localhost/theirs:1')),
  }
  row('cold build', cold.ours, cold.theirs, 's', 1, cold.theirs)
  row(
    'first push, against unique blobs',
    await pushed('localhost/ours:1', `${at('ours/os')}:1`),
    await pushed('localhost/theirs:1', `${at('theirs/os')}:1`),
    'bytes',
    1.001,
    uniqueBlobs,
  )
  const device = await workshop.unpack('localhost/ours:1', '.')
  const theirDevice = await workshop.unpack('localhost/theirs:1', '.')
  for (const time of ['first', 'second']) {
    const ourLoad = await timed(async () => good('load-images', await tools.loadImages(workshop, device)))
    row(`load, ${time} time`, ourLoad, await timed(() => copyImages(theirDevice)), 's')
  }
  const again = {
    ours: await timed(() => buildOurs(ours.after, 'localhost/ours:2')),
    theirs: await timed(() => buildTheirs(theirs.after, 'localhost/theirs:2')),
  }
  row('build after one model changed', again.ours, again.theirs, 's', 1, again.theirs)
  row(
    "push after one model changed, against the model's own new blobs",
    await pushed('localhost/ours:2', `${at('ours/os')}:2`),
    await pushed('localhost/theirs:2', `${at('theirs/os')}:2`),
    'bytes',
    1.01,
    newBlobs,
  )
  await buildOurs(ours.after, 'localhost/ours:3', '--no-cache')
  await buildTheirsWithoutCache(theirs.after, 'localhost/theirs:3')
  const rebuilt = {
    ours: await pushed('localhost/ours:3', `${at('ours/os')}:3`),
    theirs: await pushed('localhost/theirs:3', `${at('theirs/os')}:3`),
  }
  row('push after a rebuild without cache: layers', rebuilt.ours, rebuilt.theirs, 'bytes')
  Object.assign(results.at(-1), { goal: 0, ok: rebuilt.ours === 0 })
  print(results)
  process.exitCode = results.some(({ ok }) => ok === false) ? 1 : 0

  function buildTheirsWithoutCache(directory, tag) {
    return run('buildah', [
      'build',
      '--layers',
      '--no-cache',
      '--network',
      'host',
      '--pull-never',
      '-t',
      tag,
      directory,
    ])
  }
}

/** What MicroShift's documentation has in a Containerfile for a device that brings its images, for a list of them. */
function documentedContainerfile(base, references) {
  return `FROM ${base}
RUN if command -v firewall-offline-cmd > /dev/null; then firewall-offline-cmd --zone=trusted --add-source=10.42.0.0/16 --add-source=169.254.169.1; fi
ENV IMAGE_STORAGE_DIR=/usr/lib/containers/storage
ENV IMAGE_LIST_FILE=/usr/lib/containers/storage/image-list.txt
RUN mkdir -p \${IMAGE_STORAGE_DIR} ; \\
    for img in ${references.join(' ')} ; do \\
        sha="$(echo "$img" | sha256sum | cut -d ' ' -f 1)" ; \\
        skopeo copy --all --preserve-digests "docker://$img" "dir:$IMAGE_STORAGE_DIR/$sha" || exit 1 ; \\
        echo "$img,$sha" >> "$IMAGE_LIST_FILE" ; \\
    done
COPY --chmod=755 microshift-copy-images /usr/bin/microshift-copy-images
RUN mkdir -p /usr/lib/systemd/system/microshift.service.d && printf '[Service]\\nExecStartPre=/usr/bin/microshift-copy-images\\n' > /usr/lib/systemd/system/microshift.service.d/microshift-copy-images.conf
COPY manifests.d/ /usr/lib/microshift/manifests.d/
`
}

/** Runs what MicroShift's documentation has on the device before MicroShift starts. */
function copyImages(root) {
  writeFileSync(
    join(root, 'storage.conf'),
    `[storage]\ndriver = "overlay"\nrunroot = "${root}/run/containers"\ngraphroot = "${root}/var/lib/containers/storage"\n`,
  )
  return run(
    'unshare',
    ['--mount', 'sh', join(root, 'usr/bin/microshift-copy-images'), join(root, 'usr/lib/containers/storage')],
    { CONTAINERS_STORAGE_CONF: join(root, 'storage.conf') },
  )
}

/** Pushes an image; gives the bytes of layers that the registry did not have. Configurations and manifests are not layers. */
async function pushed(image, name) {
  const before = registry.blobs()
  await run('buildah', ['push', '--quiet', image, `docker://${name}`])
  return sum([...registry.blobs()].filter(([digest, size]) => !before.has(digest) && !isJson(digest, size)))
}

function isJson(digest, size) {
  if (size > 100_000) return false
  const hex = digest.slice('sha256:'.length)
  return (
    readFileSync(join(place, 'registry/data/docker/registry/v2/blobs/sha256', hex.slice(0, 2), hex, 'data'))[0] ===
    '{'.charCodeAt(0)
  )
}

function sum(blobs) {
  return blobs.reduce((total, [, size]) => total + size, 0)
}

async function run(program, args, env = {}) {
  good(`${program} ${args.join(' ')}`, await workshop.run(program, args, { env }))
}

function good(what, { status, stdout, stderr }) {
  if (status !== 0) throw new Error(`${what}: exit status ${status}\n${stdout}\n${stderr}`)
}

async function timed(action) {
  const start = process.hrtime.bigint()
  await action()
  return Number(process.hrtime.bigint() - start) / 1e9
}

/** The tests' own registry, base image and bundles. */
async function loadTools() {
  const { outputFiles } = await build({
    stdin: {
      contents: ['registry', 'imageBuild', 'bootcBundle', 'payload']
        .map((name) => `export * from './${name}.ts'`)
        .join('\n'),
      resolveDir: join(root, 'test/tools'),
    },
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    define: { 'import.meta.url': JSON.stringify(`file://${root}/test/tools/root.ts`) },
    external: ['vitest'],
    write: false,
  })
  const file = join(root, 'node_modules/.bench-embed.mjs')
  writeFileSync(file, outputFiles[0].contents)
  return import(file)
}

function print(results) {
  const show = (value, unit) => (unit === 's' ? `${value.toFixed(2)} s` : `${(value / 1e6).toFixed(3)} MB`)
  for (const { name, ours, documented, unit, goal, ratio, ok } of results) {
    console.log(
      `${name}: ours ${show(ours, unit)}, documented ${show(documented, unit)}${goal === undefined ? '' : `; ${ratio === undefined ? '' : `ratio ${ratio.toFixed(4)}, `}goal ≤ ${goal}: ${ok ? 'yes' : 'NO'}`}`,
    )
  }
}
