import { spawn, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Run } from './edge.ts'
import { environment } from './environment.ts'
import { needs, root } from './needs.ts'

/** What tests need that build images. */
export const imageBuilds = needs('buildah', 'docker-registry', 'jq', 'openssl', 'podman', 'skopeo', root)

/** A place to build images in, with a storage of its own. */
export interface Workshop {
  readonly directory: string
  /** For every program that touches images. */
  readonly env: Readonly<Record<string, string>>
  /** Name of the stand-in for the base image. */
  readonly base: string
  /** Runs a program and waits, while the registry of this process answers. */
  readonly run: (
    program: string,
    args: readonly string[],
    more?: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> },
  ) => Promise<Run>
  /** Puts what an image holds into a directory. */
  readonly unpack: (image: string, path: string) => Promise<string>
  readonly close: () => void
}

/** What a base image has, beside the libraries of it. */
const baseCommands =
  'sh cat chmod cp cut date dirname du env find grep head jq ln ls mkdir mv printf rm rmdir sed sha256sum skopeo sleep sort stat systemctl tail touch tr uname uniq wc'.split(
    ' ',
  )

/**
 * Makes a storage for images, and a stand-in for the RHEL base image in it from programs of this machine.
 *
 * @param host - a registry that is asked without TLS
 * @param files - more files of the base image: path from its root → text, executable with `#!`
 */
export const openWorkshop = async (host: string, files: Readonly<Record<string, string>>): Promise<Workshop> => {
  const directory = mkdtempSync(join(tmpdir(), 'edge-images-'))
  const registries = `unqualified-search-registries = []\n[[registry]]\nlocation = "${host}"\ninsecure = true\n`
  const storage = join(directory, 'storage.conf')
  writeFileSync(join(directory, 'registries.conf'), registries)
  const writeStorage = (driver: string) =>
    writeFileSync(
      storage,
      `[storage]\ndriver = "${driver}"\nrunroot = "${directory}/run"\ngraphroot = "${directory}/storage"\n`,
    )
  writeStorage('overlay')
  const env = {
    CONTAINERS_STORAGE_CONF: storage,
    CONTAINERS_REGISTRIES_CONF: join(directory, 'registries.conf'),
    BUILDAH_ISOLATION: 'chroot',
  }
  if (spawnSync('buildah', ['info'], { env: { ...environment, ...env } }).status !== 0) writeStorage('vfs')

  const run: Workshop['run'] = (program, args, more = {}) =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, {
        cwd: more.cwd ?? directory,
        env: { ...environment, ...env, ...more.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const out: Buffer[] = []
      const err: Buffer[] = []
      child.stdout.on('data', (data: Buffer) => out.push(data))
      child.stderr.on('data', (data: Buffer) => err.push(data))
      child.on('error', reject)
      child.on('close', (status) =>
        resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
      )
    })
  const good = async (program: string, args: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await run(program, args)
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: exit status ${status}\n${stderr}`)
    return stdout.trim()
  }

  const root = join(directory, 'base')
  layOut(root, { 'etc/containers/registries.conf.d/local.conf': registries.split('\n').slice(1).join('\n'), ...files })
  writeFileSync(join(directory, 'Containerfile.base'), 'FROM scratch\nCOPY base/ /\n')
  const base = 'localhost/stand-in:1'
  await good('buildah', [
    'build',
    '--timestamp',
    '0',
    '-t',
    base,
    '-f',
    join(directory, 'Containerfile.base'),
    directory,
  ])
  rmSync(root, { recursive: true })

  return {
    directory,
    env,
    base,
    run,
    unpack: async (image, path) => {
      const to = mkdtempSync(join(directory, 'unpacked-'))
      const container = await good('buildah', ['from', '--pull-never', image])
      const mounted = await good('buildah', ['mount', container])
      if (existsSync(join(mounted, path))) await good('cp', ['-a', `${join(mounted, path)}/.`, to])
      await good('buildah', ['rm', container])
      return to
    },
    close: () => {
      spawnSync('buildah', ['rm', '--all'], { env: { ...environment, ...env } })
      spawnSync('umount', [join(directory, 'storage/overlay')])
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The file system of a base image: this machine's programs with their libraries, and some files. */
const layOut = (root: string, files: Readonly<Record<string, string>>): void => {
  for (const path of ['usr/bin', 'usr/lib', 'usr/lib64', 'tmp', 'var/tmp', 'run', 'etc/containers'])
    mkdirSync(join(root, path), { recursive: true })
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    symlinkSync(name === 'sbin' ? 'usr/bin' : `usr/${name}`, join(root, name))
  for (const command of baseCommands) {
    const found = spawnSync('sh', ['-c', `command -v ${command}`], { encoding: 'utf8' }).stdout.trim()
    // A builtin of this shell is a program all the same.
    const program = realpathSync(found.startsWith('/') ? found : `/usr/bin/${command}`)
    copyFileSync(program, join(root, 'usr/bin', command))
    const libraries = spawnSync('ldd', [program], { encoding: 'utf8' }).stdout.matchAll(/(\/\S+)/g)
    for (const [library] of libraries) {
      mkdirSync(join(root, dirname(library)), { recursive: true })
      copyFileSync(library, join(root, library))
    }
  }
  copyFileSync('/etc/containers/policy.json', join(root, 'etc/containers/policy.json'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
    if (text.startsWith('#!')) chmodSync(join(root, path), 0o755)
  }
}
