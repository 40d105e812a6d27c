import { finding } from '../findings/finding.ts'
import { type ImageSources, type ResolvedImage, resolveReference } from './images.ts'

/** What stands before the colon of a source, and why it is refused. Source: facts/microshift.md: only `oci://` storage is supported. */
const onlyModelCars = 'MicroShift supports models as OCI images alone: pack it as a ModelCar and write oci://REGISTRY/REPOSITORY:TAG'
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
const sourcesNotYet = ['catalog', 'oci-archive', 'docker-archive', 'modelcar']

/**
 * Reads a model's source.
 *
 * @param source - `oci://REFERENCE`
 * @param model - the model's name, for messages
 * @param pointer - where it is
 * @returns the image's reference, after spec.images and the lock; absent when it cannot be used
 */
export const planSource = (source: string, model: string, pointer: string, sources: ImageSources): ResolvedImage => {
  const refuse = (why: string) => ({ findings: [finding('source-scheme', { source, why }, pointer)] })
  if (source.startsWith('oci://')) return resolveReference(source.slice('oci://'.length), `model ${model}`, { pointer }, sources, 'ours')
  const scheme = /^([a-z][a-z0-9+-]*):/i.exec(source)?.[1]?.toLowerCase()
  if (scheme === 'oci') return refuse('write oci:// in lower case, with two slashes')
  if (scheme !== undefined && sourcesNotYet.includes(scheme)) return { findings: [finding('not-supported-yet', { field: `source: ${scheme}:` }, pointer)] }
  if (scheme !== undefined && Object.hasOwn(refusedSchemes, scheme)) return refuse(refusedSchemes[scheme] ?? onlyModelCars)
  if (/^[a-z][a-z0-9+-]*:\/\//i.test(source)) return refuse(onlyModelCars)
  return refuse(`for an image in a registry write oci://${source}`)
}
