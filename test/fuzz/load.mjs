import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { plugins } from '../../scripts/plugins.mjs'

const root = resolve(import.meta.dirname, '../..')

/** Builds what is in targets.ts with the sources that it reads, as scripts/build.mjs builds the command, and loads it into this process. */
export async function loadTargets() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['test/fuzz/targets.ts'],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // Sources look for what ships with the package beside dist/.
    define: {
      'import.meta.dirname': JSON.stringify(join(root, 'dist')),
      'import.meta.url': JSON.stringify(`file://${root}/test/tools/root.ts`),
    },
    loader: { '.sh': 'text', '.jq': 'text', '.html': 'text' },
    sourcemap: 'inline',
    plugins,
    write: false,
    logLevel: 'error',
  })
  const directory = join(root, 'node_modules/.cache')
  mkdirSync(directory, { recursive: true })
  const file = join(directory, `edge-fuzz-${process.pid}.cjs`)
  writeFileSync(file, outputFiles[0].contents)
  try {
    return createRequire(import.meta.url)(file)
  } finally {
    rmSync(file)
  }
}

/** The inputs below test/fuzz/KIND/TARGET, by name. */
export function kept(kind, target) {
  const directory = join(import.meta.dirname, kind, target)
  try {
    return readdirSync(directory)
      .sort()
      .map((name) => ({ name, bytes: readFileSync(join(directory, name)) }))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

/** What a target begins with: its own seeds, those in files, and what was found before. */
export async function seedsOf(target) {
  const own = await target.seeds()
  return [
    ...own.map((bytes, index) => ({ name: `seed ${index + 1}`, bytes: Buffer.from(bytes) })),
    ...kept('seeds', target.name),
    ...kept('found', target.name),
  ]
}
