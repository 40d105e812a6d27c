import { type Finding, finding } from '../../findings/finding.ts'
import { type ArchiveBesideSpec, formatArchiveName, parseArchiveName } from '../../oci/archive.ts'
import { type ImageSources, resolveReference } from '../images/images.ts'
import type { PlannedArchive } from '../plan.ts'

/** What stands before the colon of a source, and why it is refused. Source: facts/microshift.md: only `oci://` storage is supported. */
const onlyModelCars =
  'MicroShift supports models as OCI images alone: pack it as a ModelCar and write oci://REGISTRY/REPOSITORY:TAG'
const refusedSchemes: Readonly<Record<string, string>> = {
  s3: onlyModelCars,
  gs: onlyModelCars,
  pvc: onlyModelCars,
  hdfs: onlyModelCars,
  webhdfs: onlyModelCars,
  hf: onlyModelCars,
  http: onlyModelCars,
  https: onlyModelCars,
  file: onlyModelCars,
  'oci+native': 'KServe in this payload does not know oci+native: write oci://',
  docker: 'write oci:// for an image in a registry',
}
const sourcesNotYet = ['catalog', 'modelcar']

interface PlannedSource {
  readonly reference?: string
  /** The file that the image is taken from. */
  readonly archive?: PlannedArchive
  /** The reference that the lock put a digest in the place of. */
  readonly locked?: string
  readonly findings: readonly Finding[]
}

/**
 * Reads a model's source.
 *
 * @param source - `oci://REFERENCE`, or an archive: `oci-archive:PATH`, `docker-archive:PATH`
 * @param model - the model's name, for messages
 * @param pointer - where it is
 * @returns the image's reference, after spec.images and the lock; absent when it cannot be used, which for archives is said where they are read
 */
export const planSource = (source: string, model: string, pointer: string, sources: ImageSources): PlannedSource => {
  const refuse = (why: string) => ({ findings: [finding('source-scheme', { source, why }, pointer)] })
  if (source.startsWith('oci://'))
    return resolveReference(source.slice('oci://'.length), `model ${model}`, { pointer }, sources, 'ours')
  if (parseArchiveName(source) !== undefined) {
    const archive = sources.archives.get(source)
    return archive === undefined ? { findings: [] } : planArchive(source, archive, model, pointer)
  }
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(source)?.[1]?.toLowerCase()
  if (scheme === 'oci') return refuse('write oci:// in lower case, with two slashes')
  if (scheme !== undefined && sourcesNotYet.includes(scheme))
    return { findings: [finding('not-supported-yet', { field: `source: ${scheme}:` }, pointer)] }
  if (scheme !== undefined && Object.hasOwn(refusedSchemes, scheme))
    return refuse(refusedSchemes[scheme] ?? onlyModelCars)
  if (/^[a-z][a-z0-9+-]*:\/\//i.test(source)) return refuse(onlyModelCars)
  return refuse(`for an image in a registry write oci://${source}`)
}

/**
 * An image of no registry gets a name that is a whole reference, so that device and kubelet take it for one; that no other
 * content has, so that an update is one; and whose tag is not `latest`, so that it is never pulled.
 */
const planArchive = (
  source: string,
  { transport, path, image, digest, platforms, entrypoint }: ArchiveBesideSpec,
  model: string,
  pointer: string,
): PlannedSource => ({
  reference: `localhost/edge/${model}:${digest.replace(':', '-').slice(0, 'sha256-'.length + 12)}`,
  archive: { transport, archive: path, ...(image === undefined ? {} : { image }) },
  findings: [
    ...(platforms.length === 0 || platforms.includes('linux/amd64')
      ? []
      : [finding('image-architecture', { image: source, found: platforms }, pointer)]),
    ...(entrypoint.length === 0 ? [] : [finding('modelcar-entrypoint', { image: source, entrypoint }, pointer)]),
  ],
})

/**
 * An archive as skopeo takes it.
 *
 * @param directory - the spec's, as it is seen from where skopeo runs; with a slash at its end
 */
export const sourceOf = ({ transport, archive, image }: PlannedArchive, directory = ''): string =>
  formatArchiveName({ transport, path: `${directory}${archive}`, ...(image === undefined ? {} : { image }) })
