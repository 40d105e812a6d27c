import { because } from '../findings/because.ts'
import { InputError } from '../errors.ts'
import { type Finding, finding } from '../findings/finding.ts'
import { type ArchiveBesideSpec, type ArchiveName, type ArchiveProblem, parseArchiveName } from '../oci/archive.ts'
import { readArchive } from '../oci/readArchive.ts'
import { withTarFile } from './tarFile.ts'

/**
 * Reads what names the images in the archives that models come from; however large they are, only manifests are read.
 *
 * @param sources - sources of models, those of other kinds too, and where they are
 * @param find - the file, which must be beside the spec, and its path from there
 * @returns the archives by source
 */
export const readArchives = (
  sources: readonly { readonly source: string; readonly pointer: string }[],
  find: (path: string) => { readonly file: string; readonly path: string },
): { archives: ReadonlyMap<string, ArchiveBesideSpec>; findings: Finding[] } => {
  const read = new Map<string, ArchiveBesideSpec | ArchiveProblem>()
  const findings = sources.flatMap(({ source, pointer }) => {
    const name = parseArchiveName(source)
    if (name === undefined) return []
    const known = read.get(source) ?? readOne(name, find)
    read.set(source, known)
    return 'why' in known ? [finding('source-archive', { ...name, ...known }, pointer)] : []
  })
  return { archives: new Map([...read].flatMap(([source, one]) => ('why' in one ? [] : [[source, one]]))), findings }
}

const readOne = (
  { transport, path, image }: ArchiveName,
  find: (path: string) => { readonly file: string; readonly path: string },
): ArchiveBesideSpec | ArchiveProblem => {
  if (path === '') return { why: because('archive-unnamed') }
  // One line of a script or of a Containerfile each.
  if (/[\0-\x1f\x7f]/.test(`${path}${image ?? ''}`)) return { why: because('archive-control-characters') }
  try {
    const found = find(path)
    const result = withTarFile(found.file, (tar) => readArchive(transport, tar, image))
    return 'why' in result ? result : { transport, path: found.path, ...result }
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { why: because('said', { text: error.message.replace(/^cannot read .*?: /, '') }) }
  }
}
