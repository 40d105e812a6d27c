import type { SourceProblem } from '../../findings/words.ts'
import { lockName } from '../../oci/lock.ts'
import { type Decision, decided, given, type Origin } from '../decision.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { type ArchiveBesideSpec, formatArchiveName, parseArchiveName } from '../../oci/archive.ts'
import { type ImageSources, resolveReference } from '../images/sources.ts'
import type { PlannedArchive } from '../plan.ts'

/** What stands before the colon of a source, and why it is refused. Source: facts/microshift.md, known problems: only `oci://` storage is supported. */
const refusedSchemes: Readonly<Record<string, SourceProblem>> = {
  s3: 'modelcar',
  gs: 'modelcar',
  pvc: 'modelcar',
  hdfs: 'modelcar',
  webhdfs: 'modelcar',
  hf: 'modelcar',
  http: 'modelcar',
  https: 'modelcar',
  file: 'modelcar',
  'oci+native': 'oci-native',
  docker: 'docker',
}
const sourcesNotYet = ['catalog', 'modelcar']

export interface PlannedSource {
  readonly reference?: string
  /** The address that the object says, and why; absent with the reference. */
  readonly decision?: Decision<string>
  /** The file that the image is taken from. */
  readonly archive?: PlannedArchive
  /** Placeholders and references that spec.images could have replaced. */
  readonly asked: readonly string[]
  readonly findings: readonly Finding[]
}

/**
 * Reads a model's source.
 *
 * @param source - `oci://REFERENCE`, or an archive: `oci-archive:PATH`, `docker-archive:PATH`
 * @param model - the model's name, for messages
 * @param origin - where it is said
 * @returns the image's reference, after spec.images and the lock; absent when it cannot be used, which for archives is said where they are read
 */
export const planSource = (
  source: string,
  model: string,
  origin: Origin & { readonly pointer: string },
  sources: ImageSources,
): PlannedSource => {
  const { pointer } = origin
  const refuse = (why: SourceProblem) => ({ asked: [], findings: [finding('source-scheme', { source, why }, pointer)] })
  if (source.startsWith('oci://')) {
    const { reference, locked, ...resolved } = resolveReference(
      source.slice('oci://'.length),
      `model ${model}`,
      { pointer },
      sources,
      'ours',
    )
    if (reference === undefined) return resolved
    const uri = `oci://${reference}`
    const decision =
      locked === undefined
        ? given(uri, origin)
        : decided(uri, origin, { code: 'source-locked', args: { locked: { reference: locked, lock: lockName } } })
    return { ...resolved, reference, decision }
  }
  if (parseArchiveName(source) !== undefined) {
    const archive = sources.archives.get(source)
    return archive === undefined ? { asked: [], findings: [] } : planArchive(source, archive, model, origin)
  }
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(source)?.[1]?.toLowerCase()
  if (scheme === 'oci') return refuse('oci-spelling')
  if (scheme !== undefined && sourcesNotYet.includes(scheme))
    return { asked: [], findings: [finding('not-supported-yet', { field: 'source', scheme }, pointer)] }
  if (scheme !== undefined && Object.hasOwn(refusedSchemes, scheme)) return refuse(refusedSchemes[scheme] ?? 'modelcar')
  return refuse(/^[a-z][a-z0-9+-]*:\/\//i.test(source) ? 'modelcar' : 'no-scheme')
}

/**
 * An image of no registry gets a name that is a whole reference, so that device and kubelet take it for one; that no other
 * content has, so that an update is one; and whose tag is not `latest`, so that it is never pulled.
 */
const planArchive = (
  source: string,
  { transport, path, image, digest, platforms, entrypoint }: ArchiveBesideSpec,
  model: string,
  origin: Origin & { readonly pointer: string },
): PlannedSource => {
  const reference = `localhost/edge/${model}:${digest.replace(':', '-').slice(0, 'sha256-'.length + 12)}`
  const archive = { transport, archive: path, ...(image === undefined ? {} : { image }) }
  const { pointer } = origin
  return {
    reference,
    decision: decided(`oci://${reference}`, origin, { code: 'source-archive', args: { archive: sourceOf(archive) } }),
    archive,
    asked: [],
    findings: [
      ...(platforms.length === 0 || platforms.includes('linux/amd64')
        ? []
        : [finding('image-architecture', { image: source, found: platforms }, pointer)]),
      ...(entrypoint.length === 0 ? [] : [finding('modelcar-entrypoint', { image: source, entrypoint }, pointer)]),
    ],
  }
}

/**
 * An archive as skopeo takes it.
 *
 * @param directory - the spec's, as it is seen from where skopeo runs; with a slash at its end
 */
export const sourceOf = ({ transport, archive, image }: PlannedArchive, directory = ''): string =>
  formatArchiveName({ transport, path: `${directory}${archive}`, ...(image === undefined ? {} : { image }) })
