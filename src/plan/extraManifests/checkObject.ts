import { mapOf } from '../../basics/maps.ts'
import { type Finding, finding } from '../../findings/finding.ts'
import { type ManifestObject, namespaceOf, placeIn } from './manifestObject.ts'
import { isNamespaced, isOfMicroshift } from './scope.ts'

/**
 * An object in a namespace that nothing makes, or in none: it lands in default.
 *
 * @param made - namespaces that the bundle makes
 */
export const checkNamespace = (object: ManifestObject, made: ReadonlySet<string>): Finding[] => {
  const { kind, apiVersion, metadata } = object.content
  if (object.from === 'patch' || typeof kind !== 'string' || typeof apiVersion !== 'string') return []
  const name = nameOf(kind, metadata)
  const namespaced = isNamespaced(apiVersion, kind)
  const namespace = namespaceOf(object)
  if (namespaced !== true && (namespaced === false || namespace === undefined)) return []
  if (namespace === undefined)
    return [finding('extra-no-namespace', { object: name }, { ...placeIn(object, ['metadata']), on: 'key' })]
  if (made.has(namespace) || isOfMicroshift(namespace)) return []
  const at = placeIn(object, ['metadata', 'namespace'])
  return [finding('extra-namespace-unmade', { object: name, namespace }, { ...at, on: 'value' })]
}

/** A model of an InferenceService that is fetched where it runs. */
export const checkStorage = (object: ManifestObject): Finding[] => {
  const { kind, metadata, spec } = object.content
  if (kind !== 'InferenceService') return []
  return Object.entries(mapOf(spec)).flatMap(([component, fields]) =>
    Object.entries(mapOf(fields)).flatMap(([name, container]) => {
      const { storageUri } = mapOf(container)
      if (typeof storageUri !== 'string' || storageUri.startsWith('oci://')) return []
      const at = placeIn(object, ['spec', component, name, 'storageUri'])
      return [finding('extra-storage-uri', { object: nameOf(kind, metadata), source: storageUri }, at)]
    }),
  )
}

const nameOf = (kind: string, metadata: unknown): string => {
  const { name } = mapOf(metadata)
  return `${kind} ${typeof name === 'string' ? name : ''}`.trim()
}
