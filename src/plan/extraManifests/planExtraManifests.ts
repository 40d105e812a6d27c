import type { Finding } from '../../findings/finding.ts'
import { type ControllerImages, imagesOfObject } from '../images/ofObject.ts'
import type { ImageSources } from '../images/sources.ts'
import type { PlannedManifests, WantedImage } from '../plan.ts'
import { checkNamespace, checkStorage } from './checkObject.ts'
import { madeNamespace, namespaceOf, placeIn } from './manifestObject.ts'
import { candidatesOf } from './resources.ts'
import { type ExtraManifest, userTree } from './userFiles.ts'
import { walkResource } from './walk.ts'

export type { ExtraManifest } from './userFiles.ts'

interface PlannedExtra {
  readonly manifests?: PlannedManifests
  readonly images: readonly WantedImage[]
  readonly findings: readonly Finding[]
}

/**
 * Manifests of the user's own. They keep their namespaces, so they have a directory of their own, which MicroShift applies before
 * the models'. Where objects of them live in the workload's namespace, that directory makes it, too: MicroShift would try for ten
 * minutes and give up. The images that they name, and that controllers add to them, are images that the device needs; what no
 * kustomization takes is not applied, and names none.
 *
 * @param manifests - spec.extraManifests, read
 * @param namespace - the workload's
 */
export const planExtraManifests = (
  manifests: readonly ExtraManifest[],
  namespace: string,
  sources: ImageSources,
  controllers: ControllerImages,
): PlannedExtra => {
  if (manifests.length === 0) return { images: [], findings: [] }
  // A file that is named twice, or with its folder, is there once.
  const files = [...new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.path, file]))).values()]
  const tree = userTree(files)
  const candidates = candidatesOf(manifests, tree).map((path) => ({ path, ...walkResource(path, tree) }))
  // What another one takes comes with that.
  const applied = candidates.filter(({ path }) => !candidates.some((one) => one.path !== path && one.taken.has(path)))
  const objects = applied.flatMap((one) => one.objects)
  const made = new Set(objects.flatMap((object) => madeNamespace(object) ?? []))
  const wanted = objects.map((object) =>
    imagesOfObject(
      object.content,
      `extra manifest ${object.at.file}`,
      (place) => placeIn(object, place?.steps ?? ['kind']),
      sources,
      controllers,
    ),
  )
  const usesOurs = objects.some((object) => object.from !== 'patch' && namespaceOf(object) === namespace)
  return {
    manifests: {
      files,
      resources: applied.map(({ path }) => path),
      ...(usesOurs && !made.has(namespace) ? { namespace } : {}),
    },
    images: unique(wanted.flatMap(({ images }) => images)),
    findings: unique([
      ...tree.findings(),
      ...candidates.flatMap((one) => one.findings),
      ...wanted.flatMap((one) => one.findings),
      ...objects.flatMap(checkStorage),
      ...objects.flatMap((object) => checkNamespace(object, new Set([...made, namespace]))),
    ]),
  }
}

/** Each once: a base that two overlays take is there twice, and says the same twice. */
const unique = <T>(values: readonly T[]): T[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
]
