import type { KubernetesObject } from '../kubernetes/types.ts'
import { applyMergePatch } from '../basics/mergePatch.ts'
import { parseYaml } from '../yaml/parse.ts'
import { bundleLayout } from '../layout.ts'

/** The files of a bundle, by path: those that are asked for exist, since bundle.json names them and they are as edge wrote them. */
export type ReadFile = (path: string) => string

/** A kustomization as edge writes it: its own base first, then files; patches inline. */
interface Kustomization {
  readonly resources: readonly string[]
  readonly patches?: readonly { readonly patch: string }[]
}

/** A patch of an overlay: with what its object is found by, and for one that goes, that it goes. */
type Patch = KubernetesObject & { readonly $patch?: 'delete' }

/**
 * The objects of a directory of manifests.
 *
 * @param directory - with a kustomization that lists files alone
 */
export const readObjects = (directory: string, read: ReadFile): KubernetesObject[] => {
  const { resources } = yamlOf(read(bundleLayout.kustomization(directory))) as Kustomization
  return resources.map((file) => yamlOf(read(`${directory}/${file}`)) as KubernetesObject)
}

/**
 * The objects of a site: what kustomize makes of an overlay that edge wrote. KServe's kinds and Routes have no schema that
 * kustomize knows, so that it merges them as JSON (RFC 7396).
 *
 * @param base - the objects of the directory that the overlay stands on
 */
export const applyOverlay = (
  base: readonly KubernetesObject[],
  directory: string,
  read: ReadFile,
): KubernetesObject[] => {
  const { resources, patches = [] } = yamlOf(read(bundleLayout.kustomization(directory))) as Kustomization
  const own = resources
    .filter((resource) => !resource.startsWith('../'))
    .map((file) => yamlOf(read(`${directory}/${file}`)) as KubernetesObject)
  const objects = new Map([...base, ...own].map((object) => [identity(object), object]))
  for (const { patch: text } of patches) {
    const patch = yamlOf(text) as Patch
    const key = identity(patch)
    if (patch.$patch === 'delete') objects.delete(key)
    else objects.set(key, applyMergePatch(objects.get(key), patch) as KubernetesObject)
  }
  return [...objects.values()]
}

const identity = ({ apiVersion, kind, metadata: { name } }: KubernetesObject): string => `${apiVersion} ${kind} ${name}`

/** The one document of a file that edge wrote. */
export const yamlOf = (text: string): unknown => {
  const parsed = parseYaml(text)
  if (!parsed.ok) throw new Error(`edge wrote YAML that it cannot read: ${parsed.problem.reason}`)
  return parsed.documents[0]
}
