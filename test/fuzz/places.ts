import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { bundleManifest } from '../../src/bundle/describe.ts'
import { sealedFiles } from '../../src/bundle/assemble.ts'
import { sha256 } from '../../src/bundle/manifest.ts'
import { formatSums } from '../../src/bundle/sums.ts'
import { load } from '../../src/input/load.ts'
import { toolVersion } from '../../src/packaged.ts'
import { render } from '../../src/render/render.ts'

let place: string | undefined

/** A file in a directory that goes with the process; made when it is asked for. */
export const inPlace = (path: string): string => {
  if (place === undefined) {
    const made = (place = mkdtempSync(join(tmpdir(), 'edge-fuzz-')))
    process.on('exit', () => rmSync(made, { recursive: true, force: true }))
  }
  return join(place, path)
}

/** Writes a file in that directory, and gives its path. */
export const put = (path: string, content: string | Uint8Array): string => {
  const file = inPlace(path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
  return file
}

/** A bundle on the disk: an example's. */
export interface BundlePlace {
  readonly directory: string
  readonly text: (path: string) => string
  /** Puts another content in the place of a file, with checksums that fit, as a stranger would. */
  readonly forge: (path: string, content: string | Uint8Array) => void
}

const made = new Map<string, Promise<BundlePlace>>()

/** Writes the bundle of an example, once for each name. */
export const bundleOf = async (example: string, name: string): Promise<BundlePlace> => {
  const known = made.get(name) ?? makeBundle(example, name)
  made.set(name, known)
  return known
}

const makeBundle = async (example: string, name: string): Promise<BundlePlace> => {
  const { plan, linesOf } = await load({ example })
  if (plan === undefined) throw new Error(`no plan of ${example}`)
  const files = sealedFiles({
    files: () => render(plan, toolVersion),
    describe: (hashes) => bundleManifest(plan, hashes, { toolVersion, linesOf }),
  })
  for (const { path, content } of files) put(`${name}/${path}`, content)
  const directory = inPlace(name)
  const text = (path: string) => readFileSync(join(directory, path), 'utf8')
  const manifest = JSON.parse(text('bundle.json')) as { readonly files: Record<string, string> }
  return {
    directory,
    text,
    forge: (path, content) => {
      put(`${name}/${path}`, content)
      const isManifest = path === 'bundle.json'
      const own = isManifest
        ? content
        : JSON.stringify({ ...manifest, files: { ...manifest.files, [path]: sha256(content) } })
      if (!isManifest) put(`${name}/bundle.json`, own)
      put(`${name}/SHA256SUMS`, formatSums([...Object.entries(filesOf(own)), ['bundle.json', sha256(own)]]))
    },
  }
}

/** The files that a bundle.json lists, whatever it is. */
const filesOf = (manifest: string | Uint8Array): Record<string, string> => {
  try {
    const { files } = JSON.parse(Buffer.from(manifest).toString('utf8')) as { readonly files?: Record<string, string> }
    return files ?? {}
  } catch {
    return {}
  }
}
