import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { edge } from './tools/edge.ts'
import { projectRoot } from './tools/root.ts'

/** What esbuild says of the build: dist/meta.json. */
interface Metafile {
  readonly inputs: Readonly<Record<string, { readonly imports: readonly Import[] }>>
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly imports: readonly Import[]
        readonly inputs: Readonly<Record<string, unknown>>
        readonly entryPoint?: string
      }
    >
  >
}

interface Import {
  readonly path: string
  readonly kind: string
  readonly external?: boolean
}

const metafile = () => JSON.parse(readFileSync(join(projectRoot, 'dist/meta.json'), 'utf8')) as Metafile

/** The rooms in the order of the data's way. A room may import from its own row and from those above. */
const way: readonly (readonly string[])[] = [
  ['basics'],
  ['findings', 'yaml', 'oci', 'kubernetes', 'probes'],
  ['spec', 'payload'],
  ['servers'],
  ['workloads'],
  ['plan'],
  ['views'],
  ['render'],
  ['basics/system'],
  ['bundle', 'input', 'report', 'rehearse', 'tools', 'verify', 'cluster'],
  ['commands'],
]
const pure = way.slice(0, way.findIndex((rooms) => rooms.includes('render')) + 1).flat()

const roomOf = (path: string) => /^src\/(basics\/system|[^/]+)\//.exec(path)?.[1] ?? ''
const rank = (path: string) => way.findIndex((rooms) => rooms.includes(roomOf(path)))

const sourceFiles = () =>
  readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => `src/${path}`)
    .filter((path) => path.endsWith('.ts'))

/** All imports that a source file writes down, those of types included: build output knows them no more. */
const writtenImports = (file: string): { readonly path: string; readonly onlyType: boolean }[] =>
  [
    ...readFileSync(join(projectRoot, file), 'utf8').matchAll(
      /^(?:import|export)\s+(type\s)?[^'"]*?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map(([, type, from, dynamic]) => {
    const path = from ?? dynamic ?? ''
    return { path: path.startsWith('.') ? normalize(join(dirname(file), path)) : path, onlyType: type !== undefined }
  })

/** Everything that a file of the build brings with it, itself included. */
const inputClosure = ({ inputs }: Metafile, start: string): string[] => {
  const seen = new Set([start])
  for (const path of seen) for (const { path: next } of inputs[path]?.imports ?? []) seen.add(next)
  return [...seen]
}

describe('the rooms of src', () => {
  test("each has its place on the data's way", () => {
    const rooms = [
      ...new Set(
        sourceFiles()
          .map(roomOf)
          .filter((room) => room !== ''),
      ),
    ].sort()
    expect(rooms.filter((room) => !way.flat().includes(room))).toEqual([])
    expect(pure.filter((room) => !rooms.includes(room))).toEqual([])
  })

  test('none imports one that comes later', () => {
    const backwards = sourceFiles()
      .filter((file) => rank(file) !== -1)
      .flatMap((file) =>
        writtenImports(file)
          .filter(({ path }) => rank(path) > rank(file))
          .map(({ path }) => `${file} imports ${path}`),
      )
    expect(backwards).toEqual([])
  })

  test('no file leads back to itself, not even by types alone', () => {
    const all = new Map(sourceFiles().map((file) => [file, writtenImports(file).map(({ path }) => path)]))
    const leadsBack = (start: string): boolean => {
      const seen = new Set(all.get(start))
      for (const file of seen) for (const next of all.get(file) ?? []) seen.add(next)
      return seen.has(start)
    }
    expect([...all.keys()].filter(leadsBack)).toEqual([])
  })

  test('none imports the command line', () => {
    const upwards = sourceFiles()
      .filter((file) => rank(file) !== -1)
      .flatMap((file) =>
        writtenImports(file)
          .filter(({ path }) => path === 'src/main.ts' || path === 'src/program.ts')
          .map(({ path }) => `${file} imports ${path}`),
      )
    expect(upwards).toEqual([])
  })

  test('from findings to render nothing reads files, starts programs or asks the system, packages included', () => {
    const meta = metafile()
    const files = Object.keys(meta.inputs).filter((path) => pure.includes(roomOf(path)))
    expect(files.length).toBeGreaterThan(20)
    const system = files.flatMap((file) =>
      inputClosure(meta, file)
        .filter((path) => isBuiltin(path) && !['node:crypto', 'crypto', 'node:util'].includes(path))
        .map((path) => `${file} reaches ${path}`),
    )
    expect(system).toEqual([])
  })

  test('and none of those asks by a global of Node', () => {
    const globals = sourceFiles()
      .filter((file) => pure.includes(roomOf(file)))
      .filter((file) =>
        /(?<![\w.'"`])(?:process|require|Date|setTimeout|setInterval|fetch|navigator)(?:\.\w|\()/.test(
          withoutComments(readFileSync(join(projectRoot, file), 'utf8')),
        ),
      )
    expect(globals).toEqual([])
  })
})

const withoutComments = (text: string): string => text.replaceAll(/\/\*[^]*?\*\/|\/\/.*$/gm, '')

describe('packages', () => {
  test('one file imports @kubernetes/client-node at run time, lazily: src/cluster/client.ts', () => {
    const client = 'src/cluster/client.ts'
    const values = sourceFiles().flatMap((file) =>
      writtenImports(file)
        .filter(({ path, onlyType }) => path.startsWith('@kubernetes/') && !onlyType)
        .map(() => file),
    )
    expect(values).toEqual([client])
    const { inputs, outputs } = metafile()
    const kinds = Object.values(inputs).flatMap(({ imports }) =>
      imports.filter(({ path }) => path === client).map(({ kind }) => kind),
    )
    expect(kinds.filter((kind) => kind !== 'dynamic-import')).toEqual([])
    // Its code is in files of the build that only the client's brings along.
    const holds = (path: string, part: string) =>
      Object.keys(outputs[path]?.inputs ?? {}).some((input) => input.includes(part))
    const holders = Object.keys(outputs).filter((path) => holds(path, 'node_modules/@kubernetes/'))
    expect(holders.filter((path) => !holds(path, client))).toEqual([])
    expect(
      Object.entries(outputs)
        .filter(([, { imports }]) =>
          imports.some(({ path, kind }) => kind === 'import-statement' && holders.includes(path)),
        )
        .map(([path]) => path),
    ).toEqual([])
  })

  test('what the build needs alone is not built in: ajv and Handlebars compile, esbuild and TypeBox make the schema', () => {
    const packages = [
      ...new Set(
        Object.keys(metafile().inputs).flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
      ),
    ]
    expect(packages.filter((name) => ['typebox', 'esbuild', 'typescript'].includes(name))).toEqual([])
    expect(
      Object.keys(metafile().inputs).filter((path) =>
        /node_modules\/ajv\/(?!dist\/runtime\/)|node_modules\/handlebars\/dist\/cjs\/handlebars\/compiler\//.test(path),
      ),
    ).toEqual([])
  })
})

describe('model servers', () => {
  test('what is known of one stands in its file: a new one is that file, a line in the list, and words', () => {
    const naming = sourceFiles().filter((file) =>
      /sglang/i.test(withoutComments(readFileSync(join(projectRoot, file), 'utf8'))),
    )
    expect(naming).toContain('src/servers/sglang.ts')
    expect(naming.filter((file) => !file.startsWith('src/servers/'))).toEqual(['src/spec/schema.ts'])
    expect(naming.length).toBeLessThanOrEqual(4)
  })

  test('their fakes are loaded by rehearse alone, and only those that it needs', () => {
    const { inputs } = metafile()
    const kinds = Object.entries(inputs).flatMap(([file, { imports }]) =>
      imports.filter(({ path }) => /^src\/servers\/\w+Fake\.ts$/.test(path)).map(({ kind }) => [file, kind]),
    )
    expect(kinds.length).toBeGreaterThan(2)
    expect(kinds.filter(([file, kind]) => kind !== 'dynamic-import' && roomOf(file ?? '') !== 'rehearse')).toEqual([])
  })
})

describe('edge --version', () => {
  /** The built files that Node loads with main.js, before anything is called. */
  const closure = ({ outputs }: Metafile): string[] => {
    const seen = new Set(['dist/main.js'])
    for (const path of seen)
      for (const { path: next, kind } of outputs[path]?.imports ?? [])
        if (kind === 'import-statement' && next in outputs) seen.add(next)
    return [...seen]
  }

  test('carries no package but commander', () => {
    const meta = metafile()
    const inputs = closure(meta).flatMap((path) => Object.keys(meta.outputs[path]?.inputs ?? {}))
    expect(inputs).toContain('src/main.ts')
    expect(
      inputs.filter((path) => path.includes('node_modules/') && !path.includes('node_modules/commander/')),
    ).toEqual([])
    const own = inputs.filter((path) => roomOf(path) !== '')
    expect(own.filter((path) => roomOf(path) !== 'report')).toEqual(['src/basics/visible.ts'])
  })

  test('loads nothing else, nor does --help', () => {
    const wanted = closure(metafile()).map((path) => basename(path))
    for (const option of ['--version', '--help']) {
      const loaded = filesLoadedBy([option])
      expect(loaded).toContain('main.js')
      expect(loaded.filter((name) => !wanted.includes(name))).toEqual([])
    }
    // The other way round: the looking itself sees what a command loads.
    expect(filesLoadedBy(['schema']).filter((name) => !wanted.includes(name))).not.toEqual([])
  })
})

/** The script files that a run of edge loads, by V8's own account. */
const filesLoadedBy = (args: readonly string[]): string[] => {
  const directory = mkdtempSync(join(tmpdir(), 'edge-coverage-'))
  try {
    expect(edge(args, { env: { NODE_V8_COVERAGE: directory } }).status).toBe(0)
    return readdirSync(directory)
      .flatMap(
        (file) =>
          (
            JSON.parse(readFileSync(join(directory, file), 'utf8')) as {
              readonly result: readonly { readonly url: string }[]
            }
          ).result,
      )
      .filter(({ url }) => url.startsWith('file:'))
      .map(({ url }) => basename(fileURLToPath(url)))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
