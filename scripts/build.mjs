import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { build, transform } from 'esbuild'
import { declarationsOf } from './declarations.mjs'
import { plugins } from './plugins.mjs'

const root = resolve(import.meta.dirname, '..')
const outdir = `${root}/dist`

const settings = {
  absWorkingDir: root,
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: '[name]-[hash]',
  external: ['node:*'],
  // Names stay: they are in the stack trace of a defect report.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  loader: { '.sh': 'text', '.jq': 'text', '.html': 'text' },
  plugins,
  write: false,
}

// Two builds: what programs import is not cut into the command's chunks, and the command loads no more files for it.
const [command, library] = await Promise.all([
  build({ ...settings, entryPoints: { main: 'src/main.ts' } }),
  build({ ...settings, entryPoints: { edge: 'src/edge.ts' } }),
])

// Of packages, the files whose code is in the build: those that were only looked at are many, and nobody's licence to carry.
const withoutUnused = (all) => {
  const built = new Set(Object.values(all.outputs).flatMap(({ inputs }) => Object.keys(inputs)))
  return {
    ...all,
    inputs: Object.fromEntries(
      Object.entries(all.inputs).filter(([path]) => !path.includes('node_modules/') || built.has(path)),
    ),
  }
}
const metafile = withoutUnused(command.metafile)
const inputs = { ...withoutUnused(library.metafile).inputs, ...metafile.inputs }

// Only what differs is written, and leftovers go last: a command that runs meanwhile finds its files.
const files = new Map(
  await Promise.all(
    [...library.outputFiles, ...command.outputFiles].map(async ({ path, text }) => [
      basename(path),
      Buffer.from(await asCommonJs(text)),
    ]),
  ),
)
for (const [name, text] of declarationsOf(root, 'src/edge.ts')) files.set(name, Buffer.from(text))
files.set('package.json', Buffer.from('{"type":"commonjs"}\n'))
files.set('meta.json', Buffer.from(JSON.stringify(metafile)))
files.set('third-party-licenses.txt', Buffer.from(await licenses(inputs)))
await mkdir(outdir, { recursive: true })
for (const [name, contents] of files) {
  const path = `${outdir}/${name}`
  const old = await readFile(path).catch(() => undefined)
  if (old !== undefined && Buffer.compare(old, contents) === 0) continue
  await writeFile(`${path}.new`, contents, { mode: name === 'main.js' ? 0o755 : 0o644 })
  await rename(`${path}.new`, path)
}
for (const name of await readdir(outdir)) if (!files.has(name)) await rm(`${outdir}/${name}`, { recursive: true })

/** The licences of the packages whose code is in the bundle: they ask to travel with it. */
async function licenses(inputs) {
  const packages = new Set(
    Object.keys(inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  )
  const texts = await Promise.all(
    [...packages].sort().map(async (directory) => {
      const { name, version, license } = JSON.parse(await readFile(`${root}/${directory}/package.json`, 'utf8'))
      const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'License.md']
      const found = await Promise.all(
        names.map((file) => readFile(`${root}/${directory}/${file}`, 'utf8').catch(() => undefined)),
      )
      return `${name} ${version} (${license})\n\n${(found.find((text) => text !== undefined) ?? '').trim()}\n`
    }),
  )
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

/** A chunk as CommonJS. Node starts it faster than a module; splitting, which keeps a command's code apart, is for modules alone. */
async function asCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.dirname': '__dirname' },
    minifySyntax: true,
    minifyWhitespace: true,
  })
  return code
}
