import { isMap } from '../../basics/maps.ts'
import { withImages } from '../../kubernetes/imagePlaces.ts'

type Fields = Readonly<Record<string, unknown>>
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/**
 * Changes images as the `images` of a kustomization do: entry by entry, each what those before it left, in the lists called
 * containers and initContainers wherever they stand, and nowhere else. Source: kustomize's api/filters/imagetag (legacy.go,
 * updater.go).
 */
export const withImageEntries = <T extends object>(object: T, entries: readonly unknown[]): T => {
  const changes = entries.filter(isMap)
  if (changes.length === 0) return object
  return withImages(object, ({ reference, kind, steps }) =>
    kind === 'container' && ['containers', 'initContainers'].includes(String(steps.at(-3)))
      ? changes.reduce(newReference, reference)
      : undefined,
  )
}

/**
 * What of an entry kustomize takes otherwise than it reads: names are patterns there, and a suffix is added more than once.
 *
 * @returns its name in the kustomization; undefined where all is plain
 */
export const unfollowedEntry = (entry: unknown): string | undefined => {
  if (!isMap(entry)) return undefined
  if (textOf(entry['tagSuffix']) !== '') return 'images.tagSuffix'
  return /[^\w./:-]/.test(textOf(entry['name'])) ? 'a pattern in images.name' : undefined
}

/** Name, tag and digest of an image; a dot in a name that an entry gives stands for any character, as in kustomize. */
const newReference = (reference: string, entry: Fields): string => {
  const [name, newName, newTag, newDigest] = ['name', 'newName', 'newTag', 'digest'].map((field) =>
    textOf(entry[field]),
  )
  const [, old = '', tag = '', digest = ''] = /^(.*?)(:[\w.{}-]*)?(@sha256:[\w.{}-]*)?$/.exec(reference) ?? []
  if (name === undefined || name === '' || !isSameName(old, name)) return reference
  const suffix = `${newTag ? `:${newTag}` : ''}${newDigest ? `@${newDigest}` : ''}`
  return `${newName ? newName : old}${suffix === '' ? tag + digest : suffix}`
}

const isSameName = (name: string, pattern: string): boolean =>
  name.length === pattern.length &&
  pattern.split('.').reduce((at, part) => (at >= 0 && name.startsWith(part, at) ? at + part.length + 1 : -1), 0) > 0
