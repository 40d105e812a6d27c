import type { Plan } from '../plan/plan.ts'
import type { File } from '../render/file.ts'
import {
  bundleManifest,
  type BundleManifest,
  type BundleOrigin,
  formatManifest,
  manifestName,
  sha256,
  staysInside,
} from './manifest.ts'

/** A bundle as it is to be, in memory. */
export interface Assembled {
  readonly files: ReadonlyMap<string, File>
  readonly manifest: BundleManifest
  /** Path → sha256, bundle.json included. */
  readonly wanted: ReadonlyMap<string, string>
}

/** Puts a bundle together: its files, and the bundle.json that names them. */
export const assemble = (plan: Plan, rendered: Iterable<File>, origin: BundleOrigin): Assembled => {
  const files = collectFiles(rendered)
  const hashes = new Map([...files].map(([path, { content }]) => [path, sha256(content)]))
  const manifest = bundleManifest(plan, hashes, origin)
  return { files, manifest, wanted: new Map([...hashes, [manifestName, sha256(formatManifest(manifest))]]) }
}

/** The files of a bundle, by path. */
const collectFiles = (files: Iterable<File>): Map<string, File> =>
  new Map([...onlyOnce(files)].map((file) => [file.path, file]))

/** The files that a renderer makes: each path once, none outside the bundle. Anything else is a defect. */
export function* onlyOnce(files: Iterable<File>): Iterable<File> {
  const seen = new Set<string>([manifestName])
  for (const file of files) {
    if (!staysInside(file.path) || seen.has(file.path))
      throw new Error(
        `a renderer made the path ${JSON.stringify(file.path)}, which is outside the bundle or there already`,
      )
    seen.add(file.path)
    yield file
  }
}
