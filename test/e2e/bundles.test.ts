import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { contentsOf } from '../tools/contents.ts'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import { specText } from '../tools/specText.ts'

const text = specText('plant', ['bolts', 'nuts'])

/** A bundle, and the directory that it is in. */
const generated = (): { directory: string; bundle: string } => {
  const directory = temporaryDirectory()
  const bundle = join(directory, 'bundle')
  expect(edge(['generate', '-f', '-', '-o', bundle], { input: text }).status).toBe(0)
  return { directory, bundle }
}

/** What is said when the directory of lists is gone. */
const missingLists = [
  'blueprint.toml',
  'hauler.yaml',
  'images.json',
  'images.txt',
  'imageset.yaml',
  'mapping.txt',
  'skopeo-sync.yaml',
].map((file) => `bundle-file-missing images/${file}`)

/** What can be wrong with a bundle, and what validate says then. */
const damages: Record<string, { harm: (bundle: string) => void; says: string[] }> = {
  'a changed file': {
    harm: (bundle) => writeFileSync(join(bundle, 'README.md'), ''),
    says: ['bundle-file-changed README.md'],
  },
  'a missing file': {
    harm: (bundle) => rmSync(join(bundle, 'images/images.txt')),
    says: ['bundle-file-missing images/images.txt'],
  },
  'a missing directory': { harm: (bundle) => rmSync(join(bundle, 'images'), { recursive: true }), says: missingLists },
  'a bundle.json that another one replaced, and no list that knows it': {
    harm: (bundle) => {
      const path = join(bundle, 'bundle.json')
      writeFileSync(path, readFileSync(path, 'utf8').replace('quay.io/example', 'quay.io/evil'))
    },
    says: ['bundle-file-changed bundle.json'],
  },
  'a list of checksums that lacks a line': {
    harm: (bundle) => {
      const path = join(bundle, 'SHA256SUMS')
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^.*README\.md\n/m, ''))
    },
    says: ['bundle-file-changed SHA256SUMS'],
  },
  'no list of checksums': {
    harm: (bundle) => rmSync(join(bundle, 'SHA256SUMS')),
    says: ['bundle-file-missing SHA256SUMS'],
  },
  'a file of gigabytes that is all hole': {
    harm: (bundle) => truncateSync(join(bundle, 'README.md'), 5 * 2 ** 30),
    says: ['bundle-file-changed README.md'],
  },
  several: {
    harm: (bundle) => {
      writeFileSync(join(bundle, 'README.md'), 'x')
      rmSync(join(bundle, 'images'), { recursive: true })
    },
    says: ['bundle-file-changed README.md', ...missingLists],
  },
  'a file in the place of a directory': {
    harm: (bundle) => {
      rmSync(join(bundle, 'images'), { recursive: true })
      writeFileSync(join(bundle, 'images'), 'x')
    },
    says: missingLists,
  },
}

/** Directories that are no bundles. */
const noBundles: Record<string, (directory: string) => void> = {
  'nothing there': () => undefined,
  'an empty directory': (directory) => mkdirSync(join(directory, 'place')),
  'a file': (directory) => writeFileSync(join(directory, 'place'), text),
  ...Object.fromEntries(
    [
      'text',
      '{ "a"',
      'null',
      '[]',
      '{"apiVersion":"v1","kind":"Pod"}',
      '{"apiVersion":"edge.microshift.dev/v1alpha1","kind":"Bundle","images":[],"models":[],"files":{"../../../etc/passwd":"0"}}',
    ].map((content) => [
      `a bundle.json of ${JSON.stringify(content)}`,
      (directory: string) => {
        mkdirSync(join(directory, 'place'))
        writeFileSync(join(directory, 'place/bundle.json'), content)
      },
    ]),
  ),
}

describe('edge validate BUNDLE', () => {
  test('says nothing about a good one', () => {
    const { bundle } = generated()
    expect(edge(['validate', bundle])).toEqual({ status: 0, stdout: '', stderr: 'no findings\n' })
  })

  test.each(Object.entries(damages))('names %s', (_, { harm, says }) => {
    const { bundle } = generated()
    harm(bundle)
    const { status, stdout, stderr } = edge(['validate', bundle, '--format', 'json'])
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^\d errors?, 0 warnings\n$/) as unknown,
    })
    const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string; message: string }[] }
    expect(findings.map(({ code, message }) => `${code} ${message.split(' ')[0] ?? ''}`)).toEqual(says)
  })

  test.each(Object.entries(noBundles))('refuses what is no bundle: %s', (_, make) => {
    const directory = temporaryDirectory()
    make(directory)
    for (const command of ['validate', 'images']) {
      const { status, stdout, stderr } = edge([command, 'place'], { cwd: directory })
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
      expect(stderr).toMatch(/^edge: (there is no bundle place|place is no bundle|place is a file, not a bundle)/)
      expect(stderr).not.toMatch(/^ {4}at /m)
    }
  })

  test('names what no list names: where a build may take it along as an error, elsewhere as a warning', () => {
    const { bundle } = generated()
    const unlisted = [
      'bootc/rootfs/etc/profile.d/evil.sh',
      'manifests.d/100-plant/mine.yaml',
      'manifests.d/900-mine/kustomization.yaml',
      'overlays/mine/kustomization.yaml',
    ]
    const beside = ['notes.txt', 'notes/a/b', 'bootc/notes']
    for (const path of [...unlisted, ...beside]) {
      mkdirSync(join(bundle, path, '..'), { recursive: true })
      writeFileSync(join(bundle, path), 'mine')
    }
    mkdirSync(join(bundle, 'empty/directory'), { recursive: true })
    symlinkSync('/etc/passwd', join(bundle, 'bootc/rootfs/usr/link'))
    const { status, stdout } = edge(['validate', bundle, '--format', 'json'])
    const { findings } = JSON.parse(stdout) as { findings: { code: string; severity: string; message: string }[] }
    expect({
      status,
      said: findings.map(({ severity, message }) => `${severity} ${message.split(' ')[0] ?? ''}`),
    }).toEqual({
      status: 1,
      said: [
        'warning bootc/notes',
        'error bootc/rootfs/etc/profile.d/',
        'error bootc/rootfs/usr/link',
        'error manifests.d/100-plant/mine.yaml',
        'error manifests.d/900-mine/',
        'warning notes.txt',
        'warning notes/',
        'error overlays/',
      ],
    })
    // They take no part in what these read.
    expect(edge(['images', bundle]).status).toBe(0)
  })

  test('is what sha256sum says as well', () => {
    const { bundle } = generated()
    const check = () =>
      spawnSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: bundle, encoding: 'utf8' })
    expect(check()).toMatchObject({ status: 0, stdout: '', stderr: '' })
    const listed = readFileSync(join(bundle, 'SHA256SUMS'), 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => line.slice(66))
    const there = Object.entries(contentsOf(bundle)).flatMap(([path, content]) => (content === '/' ? [] : [path]))
    expect(listed).toEqual(there.filter((path) => path !== 'SHA256SUMS').sort())
    expect(readFileSync(join(bundle, 'README.md'), 'utf8')).toContain('`sha256sum -c SHA256SUMS`')
    writeFileSync(join(bundle, 'README.md'), '')
    expect(check()).toMatchObject({ status: 1, stdout: 'README.md: FAILED\n' })
  })

  test.each<[string, (manifest: Record<string, unknown>) => void]>([
    ['images that are texts', (manifest) => (manifest['images'] = ['quay.io/a/b'])],
    ['an image with a number of reasons', (manifest) => (manifest['images'] = [{ reference: 'a', why: [1] }])],
    ['a model without decisions', (manifest) => (manifest['models'] = [{ name: 'bolts', decisions: [null] }])],
    ['sites that are no list', (manifest) => (manifest['sites'] = 'all')],
    ['a name that leads elsewhere', (manifest) => (manifest['name'] = '../../..')],
    ['a budget of texts', (manifest) => (manifest['budget'] = { download: 'x' })],
    ['files with a path out of it', (manifest) => (manifest['files'] = { '../x': '0'.repeat(64) })],
    ['a payload that is null', (manifest) => (manifest['payload'] = null)],
  ])('refuses a bundle.json with %s, checksums or not', (_, harm) => {
    const { bundle } = generated()
    const path = join(bundle, 'bundle.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    harm(manifest)
    writeFileSync(path, JSON.stringify(manifest))
    rmSync(join(bundle, 'SHA256SUMS'))
    for (const args of [['validate'], ['images'], ['explain'], ['verify']]) {
      const { status, stderr } = edge([...args, bundle, ...(args[0] === 'explain' ? ['bolts'] : [])])
      expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('is no bundle') as unknown })
    }
  })

  test('takes a bundle or a spec, not both and not neither', () => {
    const { bundle } = generated()
    for (const args of [
      [],
      [bundle, '-f', '-'],
      [bundle, '--example', 'ovms-resnet50'],
      ['-f', '-', '--example', 'ovms-resnet50'],
    ]) {
      expect(edge(['validate', ...args], { input: text })).toMatchObject({ status: 2, stdout: '' })
      expect(edge(['images', ...args], { input: text })).toMatchObject({ status: 2, stdout: '' })
    }
  })
})

describe('edge images', () => {
  test.each([{ format: [] }, { format: ['--format', 'json'] }])(
    'says the same of a bundle and of its spec: $format',
    ({ format }) => {
      const { bundle } = generated()
      const ofSpec = edge(['images', '-f', '-', ...format], { input: text })
      expect(ofSpec).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('quay.io/example/models@sha256:') as unknown,
      })
      expect(edge(['images', bundle, ...format])).toEqual(ofSpec)
    },
  )

  test.each(Object.entries(damages))('refuses a bundle with %s', (_, { harm }) => {
    const { bundle } = generated()
    harm(bundle)
    const { status, stdout, stderr } = edge(['images', bundle])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain('is unfinished or damaged')
    expect(stderr).toContain('edge validate')
  })
})
