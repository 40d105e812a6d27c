import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../../tools/edge.ts'

/** A directory with programs that write down how they are called, and a bundle. */
const openBuild = (builders: Readonly<Record<string, string>>) => {
  const directory = temporaryDirectory()
  const bundle = join(directory, 'a bundle')
  expect(edge(['generate', '--example', 'ovms-resnet50', '-o', bundle]).status).toBe(0)
  const bin = join(directory, 'bin')
  mkdirSync(bin)
  for (const [name, help] of Object.entries(builders)) {
    writeFileSync(
      join(bin, name),
      `#!/bin/sh\nif [ "$2" = --help ]; then echo "${help}"; exit; fi\necho ${name} >> "${directory}/calls"\nfor word; do printf '  <%s>\\n' "$word" >> "${directory}/calls"; done\n[ "$1" = push ] || (cd "$word" && find . -type f) > "${directory}/context"\n`,
    )
    chmodSync(join(bin, name), 0o755)
  }
  return {
    bundle,
    directory,
    build: (...args: readonly string[]) =>
      spawnSync('/bin/sh', [join(bundle, 'bootc/build.sh'), ...args], {
        cwd: directory,
        encoding: 'utf8',
        env: { PATH: `${bin}:/usr/bin:/bin` },
      }),
    calls: () => readFileSync(join(directory, 'calls'), 'utf8').replaceAll(/<\/[^>]*\/bundle(?=[/>])/g, '<CONTEXT'),
    /** What the builder was given, with paths from the context. */
    context: () =>
      readFileSync(join(directory, 'context'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((path) => path.slice('./'.length))
        .sort(),
  }
}

describe('build.sh', () => {
  it('clamps times as the builder can, and keeps layers', () => {
    const older = openBuild({ buildah: '--timestamp int' })
    expect(older.build('--builder', 'buildah').status).toBe(0)
    expect(older.calls()).toBe(
      'buildah\n  <build>\n  <--layers>\n  <--timestamp>\n  <0>\n  <-t>\n  <localhost/ovms-resnet50:latest>\n  <-f>\n  <CONTEXT/bootc/Containerfile>\n  <CONTEXT>\n',
    )
    const newer = openBuild({ buildah: '--source-date-epoch --rewrite-timestamp --timestamp' })
    expect(newer.build('--builder', 'buildah').status).toBe(0)
    expect(newer.calls()).toContain('  <--source-date-epoch>\n  <0>\n  <--rewrite-timestamp>\n  <-t>\n')
  })

  it('hands the builder what SHA256SUMS lists, and nothing that lies beside it', () => {
    const { bundle, build, context } = openBuild({ podman: '' })
    const listed = readFileSync(join(bundle, 'SHA256SUMS'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(66))
    mkdirSync(join(bundle, 'bootc/rootfs/etc/profile.d'), { recursive: true })
    writeFileSync(join(bundle, 'bootc/rootfs/etc/profile.d/evil.sh'), 'evil')
    symlinkSync('/etc/shadow', join(bundle, 'manifests.d/link'))
    const { status, stderr } = build()
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        'build.sh: left out, it is no part of the bundle: bootc/rootfs/etc/profile.d/evil.sh\nbuild.sh: left out, it is no part of the bundle: manifests.d/link\n',
    })
    expect(context()).toEqual([...listed, 'SHA256SUMS'].sort())
  })

  const harms: Record<string, { harm: (bundle: string) => void; says: string }> = {
    'a changed file': {
      harm: (bundle) => writeFileSync(join(bundle, 'bootc/rootfs/usr/lib/edge/device.json'), '{}'),
      says: 'bootc/rootfs/usr/lib/edge/device.json: FAILED',
    },
    'another bundle.json': {
      harm: (bundle) => writeFileSync(join(bundle, 'bundle.json'), '{}'),
      says: 'bundle.json: FAILED',
    },
    'a missing file': { harm: (bundle) => rmSync(join(bundle, 'bootc/embed-image')), says: 'bootc/embed-image' },
    'a link in the place of a file': {
      harm: (bundle) => {
        rmSync(join(bundle, 'bootc/embed-image'))
        symlinkSync('/bin/true', join(bundle, 'bootc/embed-image'))
      },
      says: 'a file of it is a link',
    },
    'no SHA256SUMS': { harm: (bundle) => rmSync(join(bundle, 'SHA256SUMS')), says: 'it has no SHA256SUMS' },
    'a path out of it': {
      harm: (bundle) =>
        appendFileSync(join(bundle, 'SHA256SUMS'), `${'0'.repeat(64)}  manifests.d/../../../etc/passwd\n`),
      says: 'lists what is no file of a bundle',
    },
  }
  it.each(Object.entries(harms))('builds nothing from a bundle with %s', (_, { harm, says }) => {
    const { bundle, build, directory } = openBuild({ podman: '' })
    harm(bundle)
    const { status, stderr } = build()
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining(says) as unknown })
    expect(existsSync(join(directory, 'calls'))).toBe(false)
  })

  it('takes podman first, and pushes when it is told to', () => {
    const { build, calls } = openBuild({ podman: '', buildah: '' })
    expect(build('-t', 'registry.example.com/os/edge:2', '--push').status).toBe(0)
    expect(calls()).toMatch(/^podman\n {2}<build>\n[^]*podman\n {2}<push>\n {2}<registry.example.com\/os\/edge:2>\n$/)
  })

  it('hands on the pull secret, and what stands behind --, as they are', () => {
    const { build, calls, directory } = openBuild({ podman: '' })
    writeFileSync(join(directory, 'a secret'), '{}')
    expect(
      build('--no-cache', '--pull-secret', 'a secret', '--', '--build-arg', 'BASE=x y', '--network', 'host').status,
    ).toBe(0)
    expect(calls()).toContain(
      '  <--no-cache>\n  <--secret>\n  <id=pullsecret,src=a secret>\n  <--authfile>\n  <a secret>\n  <--build-arg>\n  <BASE=x y>\n  <--network>\n  <host>\n',
    )
  })

  it('pushes with the pull secret', () => {
    const { build, calls, directory } = openBuild({ podman: '' })
    writeFileSync(join(directory, 'a secret'), '{}')
    expect(build('--push', '-t', 'registry.example.com/os/edge:2', '--pull-secret', 'a secret').status).toBe(0)
    expect(calls()).toMatch(
      /podman\n {2}<push>\n {2}<--authfile>\n {2}<a secret>\n {2}<registry.example.com\/os\/edge:2>\n$/,
    )
  })

  it('refuses what it does not know', () => {
    const { build } = openBuild({ podman: '' })
    for (const args of [['--pusch'], ['-t'], ['-t', ''], ['-t', 'a b'], ['-t', '--push'], ['--pull-secret']]) {
      const { status, stderr } = build(...args)
      expect(stderr).toMatch(/^build\.sh: /)
      expect(status).toBe(2)
    }
    const unnamed = build('--push')
    expect({ status: unnamed.status, stderr: unnamed.stderr }).toEqual({
      status: 2,
      stderr: 'build.sh: --push needs -t IMAGE, with the registry that it is pushed to\n',
    })
    expect(build('--pull-secret', 'nowhere').status).toBe(3)
    expect(build('--help').stdout).toMatch(/^Builds the bootc image of ovms-resnet50:[^]*--push/)
  })
})
