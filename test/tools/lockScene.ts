import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from 'js-yaml'
import type { LockedImage } from '../../src/oci/lock.ts'
import { releaseInfoText } from './bootcBundle.ts'
import { edgePath, type Run } from './edge.ts'
import { environment } from './environment.ts'
import { releaseInfoBelow } from './payload.ts'
import { type MadeImage, makeLayer, pushImage, type Registry, startRegistry } from './registry.ts'
import { projectRoot } from './root.ts'
import { writeFiles, writeSpec } from './spec.ts'

/** A registry, and a place with a spec whose images are in it. */
export interface LockScene {
  readonly registry: Registry
  readonly directory: string
  /** Runs a program there, while the registry's door, which is in this process, answers. */
  readonly run: (program: string, args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>
  /** Runs the built command there. */
  readonly edge: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Run>
  /** Writes the spec, with a payload whose controller and OVMS are in the registry. */
  readonly spec: (more: object, images?: Readonly<Record<string, string>>) => void
  /** The lock's entries, by what stands behind the registry's host. */
  readonly lock: () => Record<string, LockedImage>
  /** Says which hosts are asked without TLS. */
  readonly insecure: (...hosts: readonly string[]) => void
  readonly file: (path: string) => string
  readonly close: () => void
}

/** Bytes that do not compress. */
export const noise = (seed: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length)
  let state = seed
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[at] = state >>> 24
  }
  return bytes
}

/** A layer of its own for each name. */
export const layerOf = (name: string, length = 20_000) =>
  makeLayer({
    [name]: noise(
      Buffer.from(name).reduce((sum, byte) => (sum * 31 + byte) >>> 0, 7),
      length,
    ),
  })

/** What images are built on. */
export const baseLayer = layerOf('base', 60_000)

/** An image on the base. */
export const someImage = (name: string, more: Partial<MadeImage> = {}): MadeImage => ({
  layers: [baseLayer, layerOf(name)],
  ...more,
})

/** Opens a scene: controller and OVMS are there as `kserve:1` and `ovms:1`, the model `model:1`. */
export const openLockScene = async (): Promise<LockScene> => {
  const directory = mkdtempSync(join(tmpdir(), 'edge-lock-'))
  const registry = await startRegistry(join(directory, 'registry'))
  for (const name of ['kserve', 'ovms', 'model']) await pushImage(`${registry.host}/${name}`, someImage(name), '1')
  cpSync(join(projectRoot, 'manifests/4.20.0'), join(directory, 'payload'), { recursive: true })
  const home = join(directory, 'home')
  const run: LockScene['run'] = (program, args, env) =>
    new Promise((resolve, reject) => {
      // skopeo finds its configuration below the home directory.
      const child = spawn(program, args, {
        cwd: directory,
        env: { ...environment, HOME: home, XDG_RUNTIME_DIR: home, EDGE_RETRY_SECONDS: '0.05', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      let stdout = ''
      let stderr = ''
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      child.on('error', reject)
      child.on('close', (status) => resolve({ status, stdout, stderr }))
    })
  const scene: LockScene = {
    registry,
    directory,
    run,
    edge: (args, env) => run(process.execPath, [edgePath, ...args], env),
    spec: (more, images = {}) => {
      writeFileSync(
        join(directory, 'payload', releaseInfoBelow),
        releaseInfoText({
          'kserve-controller': `${registry.host}/kserve:1`,
          'ovms-image': `${registry.host}/ovms:1`,
          ...images,
        }),
      )
      writeSpec(directory, {
        payload: { path: 'payload' },
        models: [{ name: 'some', source: `oci://${registry.host}/model:1`, format: 'openvino_ir' }],
        ...more,
      })
    },
    lock: () =>
      Object.fromEntries(
        (load(scene.file('edge.lock.yaml')) as { images: LockedImage[] }).images.map((image) => [
          image.reference.replace(/^[^/]*\//, ''),
          image,
        ]),
      ),
    insecure: (...hosts) =>
      writeFiles(home, {
        '.config/containers/registries.conf': hosts
          .map((host) => `[[registry]]\nlocation = "${host}"\ninsecure = true\n`)
          .join('\n'),
        '.config/containers/policy.json': '{"default": [{"type": "insecureAcceptAnything"}]}',
      }),
    file: (path) => readFileSync(join(directory, path), 'utf8'),
    close: () => {
      registry.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
  scene.insecure(registry.host)
  scene.spec({})
  return scene
}
