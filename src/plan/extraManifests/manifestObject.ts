import { isMap, mapOf } from '../../basics/maps.ts'
import type { Location } from '../../findings/finding.ts'
import { pointerStep } from '../../yaml/locate.ts'

/** An object of the user's, or the part of one that a patch brings, as far as kustomizations have changed it. */
export interface ManifestObject {
  /** Where it stands. */
  readonly at: Location & { readonly file: string }
  readonly content: Readonly<Record<string, unknown>>
  /** The namespace that a kustomization gives it; the object's own does not count then. */
  readonly namespace?: string
  /** Whether it is what a patch brings: a part of an object, in the form of a whole one, or what a generator makes. */
  readonly from: 'file' | 'patch' | 'generator'
}

/** The objects of a file's documents, those of Lists and of Lists in them one by one. */
export const objectsOf = (documents: readonly unknown[], file: string): ManifestObject[] =>
  documents.flatMap((content, document) => itemsOf(content, { file, document, pointer: '' }))

const itemsOf = (content: unknown, at: ManifestObject['at']): ManifestObject[] => {
  if (!isMap(content)) return []
  const { kind, items } = content
  if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items))
    return [{ at, content, from: 'file' }]
  return items.flatMap((item: unknown, index) => itemsOf(item, { ...at, pointer: `${at.pointer}/items/${index}` }))
}

/** A place in an object. */
export const placeIn = ({ at, from }: ManifestObject, steps: readonly (string | number)[]): Location =>
  // A patch that stands in a text, or as the end of a path, has no places of its own.
  from === 'file' ? { ...at, pointer: at.pointer + steps.map(pointerStep).join('') } : at

/** Where an object lives; undefined where nobody says it. */
export const namespaceOf = ({ content, namespace }: ManifestObject): string | undefined => {
  if (namespace !== undefined) return namespace
  const own = mapOf(content['metadata'])['namespace']
  return typeof own === 'string' && own !== '' ? own : undefined
}

/** The namespace that an object makes: a kustomization that gives a namespace renames it. */
export const madeNamespace = ({ content, namespace, from }: ManifestObject): string | undefined => {
  const { name } = mapOf(content['metadata'])
  if (content['kind'] !== 'Namespace' || content['apiVersion'] !== 'v1' || from !== 'file') return undefined
  return namespace ?? (typeof name === 'string' ? name : undefined)
}
