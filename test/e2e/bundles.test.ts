import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
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
