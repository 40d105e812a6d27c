import type { File } from '../render/file.ts'
import { type BundleManifest, formatManifest, sha256, staysInside } from './manifest.ts'
import { manifestName, sumsName } from './marks.ts'
import { formatSums } from './sums.ts'

/** What a bundle is to be: its files, rendered anew each time, and the bundle.json that describes them. */
export interface Rendering {
  readonly files: () => Iterable<File>
  /** @param hashes - path and sha256 of each file */
  readonly describe: (hashes: ReadonlyMap<string, string>) => BundleManifest
}

/** The files that say what a bundle is, made of the checksums of all others. */
export interface Sealed {
  readonly manifest: BundleManifest
  /** bundle.json. */
  readonly text: string
  /** SHA256SUMS. */
  readonly sums: string
  /** Path → sha256 of every file: bundle.json last, SHA256SUMS before it. */
  readonly wanted: ReadonlyMap<string, string>
}

/** Makes bundle.json and SHA256SUMS. */
export const seal = (describe: Rendering['describe'], hashes: ReadonlyMap<string, string>): Sealed => {
  const manifest = describe(hashes)
  const text = formatManifest(manifest)
  const own = [manifestName, sha256(text)] as const
  const sums = formatSums([...hashes, own])
  return { manifest, text, sums, wanted: new Map([...hashes, [sumsName, sha256(sums)], own]) }
}

/** A bundle as it is to be, in memory. */
export interface Assembled extends Sealed {
  /** All files, bundle.json and SHA256SUMS included. */
  readonly files: ReadonlyMap<string, File>
}

/** Puts a bundle together. */
export const assemble = ({ files: rendered, describe }: Rendering): Assembled => {
  const files = [...onlyOnce(rendered())]
  const sealed = seal(describe, new Map(files.map(({ path, content }) => [path, sha256(content)])))
  const all = [...files, { path: sumsName, content: sealed.sums }, { path: manifestName, content: sealed.text }]
  return { ...sealed, files: new Map(all.map((file) => [file.path, file])) }
}

/**
 * The files of a bundle one by one; the two that say what it is come last, bundle.json as the very last.
 *
 * @throws Error for a path that is outside the bundle or there already: a defect
 */
export function* sealedFiles({ files, describe }: Rendering): Iterable<File> {
  const hashes = new Map<string, string>()
  for (const file of onlyOnce(files())) {
    hashes.set(file.path, sha256(file.content))
    yield file
  }
  const { sums, text } = seal(describe, hashes)
  yield { path: sumsName, content: sums }
  yield { path: manifestName, content: text }
}

/** The files that a renderer makes: each path once, none outside the bundle. Anything else is a defect. */
export function* onlyOnce(files: Iterable<File>): Iterable<File> {
  const seen = new Set<string>([manifestName, sumsName])
  for (const file of files) {
    if (!staysInside(file.path) || seen.has(file.path))
      throw new Error(
        `a renderer made the path ${JSON.stringify(file.path)}, which is outside the bundle or there already`,
      )
    seen.add(file.path)
    yield file
  }
}
