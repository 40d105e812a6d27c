import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(import.meta.dirname, '..')
const count = 200
/** Milliseconds before each answer: a registry that is not on this machine. Its requests alone are delayed, nothing else. */
const latency = 50

/**
 * `edge lock` of 200 images against a shell loop of `skopeo inspect`, which asks for less (no index, no ENTRYPOINT). The registry is a
 * stand-in that answers each request after a while, as a distant one does; `edge lock` must spend that time better. (Against a registry that answers
 * at once, both spend their time on processes, and `edge lock` has two for each image.)
 */
export default async (directory) => {
  if (spawnSync('skopeo', ['--version']).status !== 0) {
    console.error('lock: left out, skopeo is not installed')
    return { results: [] }
  }
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' })
  const registry = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    const port = await new Promise((resolve) => registry.stdout.once('data', (text) => resolve(String(text).trim())))
    const references = Array.from({ length: count }, (_, index) => `127.0.0.1:${port}/some/image-${index}:1`)
    mkdirSync(join(directory, '.config/containers'), { recursive: true })
    writeFileSync(
      join(directory, '.config/containers/registries.conf'),
      `[[registry]]\nlocation = "127.0.0.1:${port}"\ninsecure = true\n`,
    )
    const quoted = (list) => JSON.stringify(list)
    // The payload's controller is at the other registry: a spec of its own payload would say nothing more here.
    writeFileSync(
      join(directory, 'edge.yaml'),
      `apiVersion: edge.microshift.dev/v1alpha1\nkind: EdgeBundle\nmetadata: {name: bench}\nspec: {payload: {path: payload}, extraImages: ${quoted(references)}}\n`,
    )
    execFileSync('cp', ['-r', join(root, 'manifests/4.20.0'), join(directory, 'payload')])
    writeFileSync(
      join(directory, 'payload/usr/share/microshift/release/release-ai-model-serving-x86_64.json'),
      JSON.stringify({ release: { base: '2.22.1' }, images: { 'kserve-controller': references[0] } }),
    )
    writeFileSync(join(directory, 'images.txt'), references.map((reference) => `${reference}\n`).join(''))

    const env = { ...process.env, HOME: directory, XDG_RUNTIME_DIR: directory }
    const loop = time(
      [
        'sh',
        '-c',
        'while read -r image; do skopeo inspect --no-tags "docker://$image" > /dev/null || exit 1; done < images.txt',
      ],
      directory,
      env,
    )
    const times = [0, 1, 2].map(() => {
      rmSync(join(directory, 'edge.lock.yaml'), { force: true })
      return time(
        [process.execPath, join(root, 'dist/main.js'), 'lock', '-f', 'edge.yaml', '--log-level', 'error'],
        directory,
        env,
      )
    })
    const lock = times.sort((a, b) => a - b)[1]
    return {
      results: [
        { name: `${count} × skopeo inspect, one by one (${latency} ms an answer)`, ms: loop, ratio: 1 },
        { name: `edge lock, ${count} images`, ms: lock, ratio: lock / loop, goal: 0.25, ok: lock / loop <= 0.25 },
      ],
    }
  } finally {
    registry.kill()
  }
}

const time = ([program, ...args], cwd, { NODE_EXTRA_CA_CERTS: _, ...env }) => {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program} ${args[0]}: exit status ${status}\n${stderr}`)
  return Number(process.hrtime.bigint() - start) / 1e6
}

/** A registry of images that all have one configuration and a layer of their own. */
const serve = async () => {
  const { createServer } = await import('node:http')
  const digestOf = (text) => `sha256:${createHash('sha256').update(text).digest('hex')}`
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [] },
  })
  const type = 'application/vnd.oci.image.manifest.v1+json'
  const manifestOf = (name) =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: digestOf(config), size: config.length },
      layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(name), size: 1000 }],
    })
  const server = createServer((request, response) => {
    setTimeout(() => {
      const [, name, what] = /^\/v2\/(.+)\/(manifests|blobs)\//.exec(request.url ?? '') ?? []
      const body = what === 'manifests' ? manifestOf(name) : what === 'blobs' ? config : '{}'
      response
        .writeHead(200, {
          'Content-Type': what === 'manifests' ? type : 'application/json',
          'Content-Length': body.length,
          'Docker-Content-Digest': digestOf(body),
        })
        .end(request.method === 'HEAD' ? '' : body)
    }, latency)
  }).listen(0, '127.0.0.1', () => console.log(server.address().port))
}

if (process.argv[2] === 'serve' && process.argv[1] === fileURLToPath(import.meta.url)) await serve()
