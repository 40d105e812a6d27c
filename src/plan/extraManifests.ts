import { type Finding, finding } from '../findings/finding.ts'
import { parseReference } from '../oci/reference.ts'
import { parseYaml } from '../yaml/parse.ts'
import type { PlannedManifests } from './plan.ts'

/** An entry of spec.extraManifests, read: a file, or all files of a folder. */
export interface ExtraManifest {
  /** As the spec names it, without a leading `./`. */
  readonly path: string
  readonly files: readonly { readonly path: string; readonly text: string }[]
  readonly isFolder: boolean
}

const isYaml = (path: string): boolean => /\.(ya?ml|json)$/i.test(path)
const isKustomization = (path: string): boolean => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path)

/**
 * Manifests of the user's own. They keep their namespaces, so they have a directory of their own. The images that they
 * name are images that the device needs.
 *
 * @param manifests - spec.extraManifests, read
 */
export const planExtraManifests = (
  manifests: readonly ExtraManifest[],
): { manifests?: PlannedManifests; images: { reference: string; why: string }[]; findings: Finding[] } => {
  if (manifests.length === 0) return { images: [], findings: [] }
  const findings: Finding[] = []
  const images: { reference: string; why: string }[] = []
  for (const { path, text } of manifests.flatMap(({ files }) =>
    files.filter((file) => isYaml(file.path) && !isKustomization(file.path)),
  )) {
    const yaml = parseYaml(text)
    if (!yaml.ok)
      findings.push(
        finding(
          'yaml-syntax',
          { reason: yaml.problem.reason },
          { file: path, pointer: '', offset: yaml.problem.offset },
        ),
      )
    else for (const reference of imagesIn(yaml.documents)) images.push({ reference, why: `extra manifest ${path}` })
  }
  const resources = manifests.flatMap(({ path, files, isFolder }) => {
    if (!isFolder || files.some((file) => isKustomization(file.path) && file.path.lastIndexOf('/') === path.length))
      return [path]
    return files.map((file) => file.path).filter((file) => isYaml(file) && !isKustomization(file))
  })
  // A file that is named twice, or with its folder, is there once.
  const files = new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.path, file])))
  return { manifests: { files: [...files.values()], resources: [...new Set(resources)] }, images, findings }
}

/** The references that stand as `image` of a container, anywhere in a document. */
const imagesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  const { name, image } = value as { name?: unknown; image?: unknown }
  const own = typeof image === 'string' && typeof name === 'string' && parseReference(image).ok ? [image] : []
  return [...own, ...Object.values(value).flatMap(imagesIn)]
}
