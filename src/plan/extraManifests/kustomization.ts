import { isMap } from '../../basics/maps.ts'
import { withImages } from '../../kubernetes/imagePlaces.ts'
import { parseYaml } from '../../yaml/parse.ts'

type Fields = Readonly<Record<string, unknown>>
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

/** What a kustomization of the user's does to the objects below it, as far as images and namespaces go. */
export interface UserKustomization {
  /** The namespace that it gives to all objects. */
  readonly namespace?: string
  /** Puts its images in place of those of an object. */
  readonly rewrite: <T extends object>(object: T) => T
  /** Objects and parts of objects that stand in it as texts: patches. */
  readonly inline: readonly unknown[]
  /** Whether it is a part of others, which nothing can build by itself. */
  readonly isComponent: boolean
  /** The files and folders that it takes, as paths from its own folder. */
  readonly takes: readonly string[]
  /** What it would fetch from a network: no device can. */
  readonly remote: readonly string[]
}

/** Reads a kustomization. Source: kustomize's api/types/kustomization.go, image.go. */
export const readKustomization = (document: unknown): UserKustomization => {
  const fields = isMap(document) ? document : {}
  const namespace = textOf(fields['namespace'])
  const images = listOf(fields['images']).filter(isMap)
  const references = ['resources', 'bases', 'components', 'crds'].flatMap((field) =>
    listOf(fields[field]).flatMap((one) => textOf(one) ?? []),
  )
  const charts = listOf(fields['helmCharts'])
    .filter(isMap)
    .flatMap(({ repo }) => textOf(repo) ?? [])
  return {
    ...(namespace === undefined ? {} : { namespace }),
    rewrite: (object) =>
      withImages(object, ({ reference, kind }) =>
        kind === 'container' || kind === 'field' ? newReference(reference, images) : undefined,
      ),
    inline: [...listOf(fields['patches']), ...listOf(fields['patchesJson6902'])]
      .filter(isMap)
      .flatMap(({ patch }) => partsOf(textOf(patch)))
      .concat(
        listOf(fields['patchesStrategicMerge']).flatMap((text) =>
          textOf(text)?.includes('\n') === true ? partsOf(textOf(text)) : [],
        ),
      ),
    isComponent: fields['kind'] === 'Component',
    takes: references,
    remote: [...references.filter((one) => /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i.test(one)), ...charts],
  }
}

/** Name, tag and digest of an image, as kustomize's image transformer sets them. */
const newReference = (reference: string, images: readonly Fields[]): string | undefined => {
  const [, name = '', tag = '', digest = ''] = /^(.*?)(:[^:/@]+)?(@[^@]+)?$/.exec(reference) ?? []
  const image = images.find((one) => one['name'] === name)
  if (image === undefined) return undefined
  const [newName, newTag, newDigest] = [image['newName'], image['newTag'], image['digest']].map(textOf)
  const suffix = newDigest !== undefined ? `@${newDigest}` : newTag !== undefined ? `:${newTag}` : tag + digest
  return `${newName ?? name}${suffix}`
}

/** A patch as text: a strategic one is a part of an object; of a JSON patch each value is, at the end of its path. */
const partsOf = (text: string | undefined): unknown[] => {
  const yaml = parseYaml(text ?? '')
  if (!yaml.ok) return []
  return yaml.documents.flatMap((document) =>
    Array.isArray(document)
      ? document.filter(isMap).map(({ path, value }) => atPath((textOf(path) ?? '').split('/').slice(1), value))
      : [document],
  )
}

const atPath = (steps: readonly string[], value: unknown): unknown =>
  steps.reduceRight<unknown>((inner, step) => (/^(?:\d+|-)$/.test(step) ? [inner] : { [step]: inner }), value)
