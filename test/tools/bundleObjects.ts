import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { loadAll } from 'js-yaml'
import { kustomizeBuild } from './kubectl.ts'

/** An object of a bundle. */
export interface Emitted {
  /** Its file, or the directory that kustomize rendered it from, and which it is. */
  readonly where: string
  readonly object: unknown
  /** From the user's own manifests, which edge copies as they are. */
  readonly isForeign: boolean
}

/** Below it lie the user's own manifests; its kustomization is edge's. */
const foreign = /^manifests\.d\/090-[^/]+-extra(?=\/|$)/

const isKustomization = (path: string) => /^(?:kustomization\.ya?ml|Kustomization)$/.test(basename(path))

/**
 * All objects below `manifests.d` and `overlays` of a bundle, each as its file has it, and again as kustomize renders it.
 * Patches in kustomizations are parts of objects: they show in what is rendered alone.
 *
 * @param bundle - a bundle, or what a case expects of one
 */
export const bundleObjects = (bundle: string): Emitted[] => {
  const files = ['manifests.d', 'overlays']
    .filter((name) => existsSync(join(bundle, name)))
    .flatMap((name) => yamlFiles(bundle, name))
  const written = files.flatMap((path) => {
    const isForeign = foreign.test(path) && !isEdgesOwn(path)
    // A user's kustomization may leave out its apiVersion and kind; that it renders is what it is held to.
    return isForeign && isKustomization(path)
      ? []
      : emitted(
          path,
          // A list is a JSON patch of the user's kustomization.
          loadAll(readFileSync(join(bundle, path), 'utf8')).filter((one) => !isForeign || !Array.isArray(one)),
          isForeign,
        )
  })
  const rendered = files
    .filter(isKustomization)
    .flatMap((path) =>
      emitted(`rendered ${dirname(path)}`, kustomizeBuild(join(bundle, dirname(path))), foreign.test(path)),
    )
  return [...written, ...rendered]
}

const isEdgesOwn = (path: string): boolean => isKustomization(path) && dirname(path) === foreign.exec(path)?.[0]

const yamlFiles = (bundle: string, directory: string): string[] =>
  readdirSync(join(bundle, directory), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .map((path) => join(directory, path))

const emitted = (where: string, objects: readonly unknown[], isForeign: boolean): Emitted[] =>
  objects.map((object) => ({ where: `${where} ${nameOf(object)}`, object, isForeign }))

const nameOf = (object: unknown): string => {
  const { kind, metadata } = (object ?? {}) as { kind?: unknown; metadata?: { name?: unknown } }
  return [kind, metadata?.name].filter((part) => typeof part === 'string').join('/')
}
