import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { edge, temporaryDirectory } from '../tools/edge.ts'
import {
  type ArchiveRecipe,
  dockerFiles,
  makeTar,
  ociFiles,
  tarHeader,
  type TarOptions,
  withChecksum,
} from '../tools/imageArchive.ts'
import { readYaml, writeSpec } from '../tools/spec.ts'

/** A spec of one model whose archive is made up. */
const openCase = (bytes: Uint8Array, source = 'oci-archive:model.tar') => {
  const directory = temporaryDirectory()
  const file = writeSpec(directory, { models: [{ name: 'one', source, format: 'onnx' }] })
  writeFileSync(join(directory, 'model.tar'), bytes)
  return {
    directory,
    /** What `edge validate` finds. */
    finding: () => {
      const { status, stdout, stderr } = edge(['validate', '-f', file, '--format', 'json'])
      const { findings } = JSON.parse(stdout) as { findings: { code: string; message: string; help?: string }[] }
      expect(stderr).toMatch(/^\d errors?, \d warnings?\n$/)
      return { status, findings: findings.map(({ code, message, help }) => ({ code, message, help })) }
    },
    storageUri: () => {
      const { status, stderr } = edge(['generate', '-f', file, '-o', join(directory, 'out')])
      expect({ status, stderr: stderr.replace(/^.*: \d+ files.*\n/, '') }).toEqual({ status: 0, stderr: '' })
      return (
        readYaml(directory, 'out/manifests.d/100-some-bundle/inferenceservice-one.yaml') as {
          spec: { predictor: { model: { storageUri: string } } }
        }
      ).spec.predictor.model.storageUri
    },
  }
}

const nameOf = (digest = ''): string => `oci://localhost/edge/one:sha256-${digest.slice(7, 19)}`
const makers = { 'oci-archive': ociFiles, 'docker-archive': dockerFiles } as const
const kinds = Object.keys(makers) as (keyof typeof makers)[]

describe.each(kinds)('a model from an %s', (kind) => {
  const files = (...images: readonly ArchiveRecipe[]) => makers[kind](...images)
  const open = (tar: Uint8Array, more = '') => openCase(tar, `${kind}:model.tar${more}`)

  it.each<TarOptions>([{}, { style: 'pax' }, { style: 'gnu' }, { unended: true }])(
    'has a name of its own that follows from the digest (%j)',
    (options) => {
      const made = files({})
      expect(open(makeTar(made.files, options)).storageUri()).toBe(nameOf(made.digests[0]))
    },
  )

  it('may have been packed by tar, from a folder', () => {
    const made = files({})
    expect(
      open(
        makeTar(Object.fromEntries(Object.entries(made.files).map(([name, text]) => [`./${name}`, text]))),
      ).storageUri(),
    ).toBe(nameOf(made.digests[0]))
  })

  it('is one of several by its name', () => {
    const made = files(
      { name: 'quay.io/a/one:1' },
      { name: 'quay.io/a/two:1', config: { os: 'linux', architecture: 'amd64', created: 'later' } },
    )
    const tar = makeTar(made.files)
    expect(open(tar, ':quay.io/a/two:1').storageUri()).toBe(nameOf(made.digests[1]))
    for (const name of ['', ':quay.io/a/three:1']) {
      expect(open(tar, name).finding()).toMatchObject({
        status: 1,
        findings: [
          {
            code: 'source-archive',
            message: expect.stringMatching(
              /there (are 2 images|is no one image "quay.io\/a\/three:1") in it/,
            ) as unknown,
            help: `name one of them: ${kind}:model.tar:quay.io/a/one:1, ${kind}:model.tar:quay.io/a/two:1`,
          },
        ],
      })
    }
  })

  it('for another machine is refused, with an ENTRYPOINT warned of', () => {
    expect(open(makeTar(files({ config: { os: 'linux', architecture: 'arm64' } }).files)).finding()).toMatchObject({
      status: 1,
      findings: [{ code: 'image-architecture' }],
    })
    expect(
      open(
        makeTar(files({ config: { os: 'linux', architecture: 'amd64', config: { Entrypoint: ['/bin/sh'] } } }).files),
      ).finding(),
    ).toMatchObject({ status: 0, findings: [{ code: 'modelcar-entrypoint' }] })
  })

  it('whose part is missing, cut short or damaged is refused with one finding, wherever it is cut', () => {
    const { files: whole } = files({ layers: ['x'.repeat(1500)] })
    const tar = makeTar(whole, { unended: true })
    for (let length = 0; length < tar.length; length += 512 - 1)
      expect(open(tar.subarray(0, length)).finding()).toMatchObject({
        status: 1,
        findings: [{ code: 'source-archive' }],
      })
    for (const name of Object.keys(whole).filter((one) => one !== 'oci-layout')) {
      expect(
        open(makeTar(Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name)))).finding(),
      ).toMatchObject({ status: 1, findings: [{ code: 'source-archive' }] })
    }
    for (const name of ['index.json', 'manifest.json']) {
      for (const text of [
        '',
        '{',
        '[]',
        'null',
        '{"manifests":{}}',
        '[null]',
        '{"manifests":[null]}',
        '[{"Config":[]}]',
        '[{"Config":"manifest.json","Layers":[1]}]',
      ]) {
        if (name in whole)
          expect(open(makeTar({ ...whole, [name]: text })).finding()).toMatchObject({
            status: 1,
            findings: [{ code: 'source-archive' }],
          })
      }
    }
  })

  it('of the other kind is told so', () => {
    const other = kinds.find((one) => one !== kind) ?? kind
    expect(open(makeTar(makers[other]({}).files)).finding().findings).toMatchObject([
      { message: `the ${kind} "model.tar" cannot be used: it is the other kind of archive: write ${other}:` },
    ])
  })
})

describe('an archive', () => {
  it('that is compressed is named', () => {
    const tar = makeTar(ociFiles({}).files)
    for (const [bytes, word] of [
      [gzipSync(tar), 'gzip'],
      [Buffer.from('28b52ffd00', 'hex'), 'zstd'],
      [Buffer.concat([Buffer.from('fd377a585a00', 'hex'), Buffer.alloc(600)]), 'xz'],
    ] as const) {
      expect(openCase(bytes).finding().findings).toMatchObject([
        { code: 'source-archive', message: expect.stringContaining(`it is compressed with ${word}: `) as unknown },
      ])
    }
  })

  it('with hostile sizes, names and numbers of files is refused with one finding', () => {
    const negative = tarHeader('index.json', 0)
    negative.fill(0xff, 124, 136)
    const huge = tarHeader('index.json', 0)
    huge[124] = 0x80
    huge.fill(0xff, 125, 136)
    const many = Buffer.concat(Array.from({ length: 20_001 }, (_, index) => tarHeader(String(index), 0)))
    const records = (text: string) =>
      Buffer.concat([
        tarHeader('x', text.length, 'x'),
        Buffer.from(text),
        Buffer.alloc(512 - text.length),
        tarHeader('index.json', 0),
        Buffer.alloc(1024),
      ])
    const pieces = [
      withChecksum(negative),
      withChecksum(huge),
      tarHeader('index.json', 2 ** 40),
      tarHeader('x', 2 ** 30, 'x'),
      tarHeader('x', 2 ** 52, 'L'),
      many,
      records('99 path=x\n'),
      records('0 path=x\n'),
      records('x path=x\n'),
      records('10 size=x\n'),
      records('11 size=-9\n'),
      Buffer.alloc(2048),
    ]
    for (const bytes of pieces)
      expect(openCase(bytes).finding()).toMatchObject({ status: 1, findings: [{ code: 'source-archive' }] })
  })

  it('of 200 GB costs no more than a small one: its layers are not read', () => {
    const layer = { digest: `sha256:${'0123456789abcdef'.repeat(4)}`, size: 200 * 2 ** 30 }
    const { files, digests } = ociFiles({ layers: [layer] })
    const { directory, storageUri } = openCase(new Uint8Array())
    const file = openSync(join(directory, 'model.tar'), 'w')
    writeSync(file, tarHeader(`blobs/sha256/${layer.digest.slice(7)}`, layer.size))
    const rest = makeTar(files)
    writeSync(file, rest, 0, rest.length, 512 + layer.size)
    closeSync(file)
    const started = performance.now()
    expect(storageUri()).toBe(nameOf(digests[0]))
    expect(performance.now() - started).toBeLessThan(10_000)
  })

  it('is listed with its file, and in no list that others mirror', () => {
    const made = ociFiles({})
    const { directory, storageUri } = openCase(makeTar(made.files), 'oci-archive:./model.tar')
    const reference = storageUri().slice('oci://'.length)
    expect(readFileSync(join(directory, 'out/images/images.txt'), 'utf8')).not.toContain('localhost/')
    expect(edge(['images', join(directory, 'out')]).stdout).toMatch(
      new RegExp(`^${reference} +model one; from oci-archive:model.tar$`, 'm'),
    )
    const { images } = JSON.parse(edge(['images', join(directory, 'out'), '--format', 'json']).stdout) as {
      images: unknown[]
    }
    expect(images).toContainEqual({
      reference,
      pullFrom: { transport: 'oci-archive', archive: 'model.tar' },
      why: ['model one'],
    })
    expect(readFileSync(join(directory, 'out/README.md'), 'utf8')).toContain(
      `\nskopeo copy oci-archive:model.tar containers-storage:${reference}\n`,
    )
    expect(edge(['explain', join(directory, 'out'), 'one']).stdout).toContain(
      'the name that oci-archive:model.tar has on devices',
    )
  })

  it('with another content gives the model another name', () => {
    const names = ['first', 'second'].map((layer) =>
      openCase(makeTar(ociFiles({ layers: [layer] }).files)).storageUri(),
    )
    expect(new Set(names).size).toBe(2)
  })
})
