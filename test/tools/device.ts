import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
  existsSync,
  readdirSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryDirectory, type Run } from './edge.ts'
import { environment } from './environment.ts'
import { unshareMounts } from './needs.ts'
import { sha256 } from './ociLayout.ts'
import { projectRoot } from './root.ts'

/** What devices get as it is: scripts and units. */
export const rootfs = join(projectRoot, 'bootc/rootfs')

/** What a test says of a bundle; the rest of device.json is made up. */
export interface DeviceFile {
  readonly images?: readonly unknown[]
  readonly secrets?: readonly unknown[]
  readonly apiKeys?: readonly unknown[]
  readonly sites?: {
    readonly mode: 'none' | 'one' | 'all'
    readonly names: readonly string[]
    readonly fallback: string
  }
  readonly kserveConfig?: unknown
}

/** A directory that stands in for a device's root, with the device's scripts in it, run by dash. */
export class Device {
  readonly root = temporaryDirectory()
  readonly layout = this.path('usr/lib/containers/storage')
  /** What is set when a script runs. */
  readonly env: Record<string, string> = { EDGE_ROOT: this.root, EDGE_POLL_SECONDS: '0.01', EDGE_WAIT_SECONDS: '60' }

  constructor(device: DeviceFile = {}) {
    cpSync(rootfs, this.root, { recursive: true })
    this.mkdir('var/tmp', 'run', 'bin', 'var/lib/containers/storage')
    this.describe(device)
    this.write(
      'storage.conf',
      `[storage]\ndriver = "overlay"\nrunroot = "${this.path('run/containers')}"\ngraphroot = "${this.path('var/lib/containers/storage')}"\n`,
    )
    this.env['CONTAINERS_STORAGE_CONF'] = this.path('storage.conf')
  }

  path(path: string): string {
    return join(this.root, path)
  }

  /** Writes device.json anew, as an update of the system does. */
  describe(device: DeviceFile): void {
    const none = {
      images: [],
      secrets: [],
      apiKeys: [],
      sites: { mode: 'none', names: [], fallback: 'base' },
    }
    const identity = {
      apiVersion: 'edge.microshift.dev/v1alpha1',
      kind: 'Device',
      name: 'plant',
      namespace: 'ai-demo',
      directory: '100-plant',
    }
    this.write('usr/lib/edge/device.json', JSON.stringify({ ...identity, ...none, ...device }))
  }

  write(path: string, text: string | Uint8Array, mode = 0o644): void {
    mkdirSync(dirname(this.path(path)), { recursive: true })
    writeFileSync(this.path(path), text)
    chmodSync(this.path(path), mode)
  }

  mkdir(...paths: readonly string[]): void {
    for (const path of paths) mkdirSync(this.path(path), { recursive: true })
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8')
  }

  /** A program of the device's: comes before the machine's own. */
  program(name: string, script: string): void {
    this.write(`bin/${name}`, `#!/bin/sh\n${script}`, 0o755)
  }

  /**
   * Runs a script of the device's in a mount namespace of its own: storage drivers leave mounts behind.
   *
   * @param script - its name below /usr/libexec/edge, or a path
   * @param before - shell commands to run first, mounts for example
   */
  run(script: string, before = ':'): Run {
    return this.shell(
      `${before}\nexec ${this.env['EDGE_SHELL'] ?? 'dash'} "$EDGE_ROOT/${script.includes('/') ? script : `usr/libexec/edge/${script}`}"`,
    )
  }

  /** Runs shell commands there. */
  shell(commands: string): Run {
    // Scripts of the device's take TMPDIR for a place to unpack images in; a unit has none.
    const { TMPDIR: _, ...plain } = environment
    const { status, stdout, stderr } = spawnSync('unshare', [...(unshareMounts ?? []), 'sh', '-euc', commands], {
      cwd: this.root,
      env: { ...plain, ...this.env, PATH: `${this.path('bin')}:${plain['PATH'] ?? ''}` },
      input: '',
      encoding: 'utf8',
    })
    return { status, stdout: stdout.replaceAll(this.root, ''), stderr: stderr.replaceAll(this.root, '') }
  }

  /**
   * Puts an image there as the build of the system's image does: `dir:` by skopeo, its blobs in the pool with links to them, a
   * line in the list.
   *
   * @param source - as skopeo names it
   * @returns its entry in device.json
   */
  embed(reference: string, source: string): { reference: string; directory: string; why: string[] } {
    const directory = sha256(`${reference}\n`)
    const image = join(this.layout, directory)
    this.mkdir('usr/lib/containers/storage/blobs')
    const copied = spawnSync('skopeo', ['copy', '-q', '--all', '--preserve-digests', source, `dir:${image}`], {
      encoding: 'utf8',
    })
    if (copied.status !== 0) throw new Error(copied.stderr)
    for (const name of readdirSync(image).filter((file) => /^[0-9a-f]{64}$/.test(file))) {
      const pooled = join(this.layout, 'blobs', name)
      if (!existsSync(pooled)) renameSync(join(image, name), pooled)
      else spawnSync('rm', [join(image, name)])
      symlinkSync(`../blobs/${name}`, join(image, name))
    }
    const list = join(this.layout, 'image-list.txt')
    writeFileSync(list, `${existsSync(list) ? readFileSync(list, 'utf8') : ''}${reference},${directory}\n`)
    return { reference, directory, why: ['test'] }
  }

  /** The names of the images in the storage, as CRI-O would find them. */
  names(): string[] {
    const found = this.shell('cat var/lib/containers/storage/overlay-images/images.json 2> /dev/null || echo "[]"')
    return (JSON.parse(found.stdout) as { names?: string[] }[]).flatMap(({ names }) => names ?? ['<none>']).sort()
  }
}
