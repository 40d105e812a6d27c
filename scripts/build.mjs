import { chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { build } from 'esbuild'
import { plugins } from './plugins.mjs'

const root = resolve(import.meta.dirname, '..')
const outdir = `${root}/dist`

await rm(outdir, { recursive: true, force: true })
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: { main: 'src/main.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  chunkNames: '[name]-[hash]',
  // Commander is CommonJS and requires Node's own modules.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  // Names stay: they are in the stack trace of a defect report.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  metafile: true,
  plugins,
})
await chmod(`${outdir}/main.js`, 0o755)
await writeFile(`${outdir}/meta.json`, JSON.stringify(metafile))
await writeFile(`${outdir}/third-party-licenses.txt`, await licenses(metafile))

/** The licences of the packages whose code is in the bundle: they ask to travel with it. */
async function licenses(metafile) {
  const packages = new Set(Object.keys(metafile.inputs).flatMap((path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []))
  const texts = await Promise.all(
    [...packages].sort().map(async (directory) => {
      const { name, version, license } = JSON.parse(await readFile(`${root}/${directory}/package.json`, 'utf8'))
      const names = ['LICENSE', 'LICENSE.md', 'LICENSE.txt', 'license', 'License.md']
      const found = await Promise.all(names.map((file) => readFile(`${root}/${directory}/${file}`, 'utf8').catch(() => undefined)))
      return `${name} ${version} (${license})\n\n${(found.find((text) => text !== undefined) ?? '').trim()}\n`
    }),
  )
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}
