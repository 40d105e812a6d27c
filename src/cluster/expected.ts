import type { BundleManifest } from '../bundle/manifest.ts'
import { isMap } from '../basics/maps.ts'
import { applyMergePatch } from '../basics/mergePatch.ts'
import type { Compared, ExpectedDocument, ExpectedObject } from '../kubernetes/compared.ts'
import { secretArgument } from '../workloads/kserve/compared.ts'
import { serverImagesOf } from '../workloads/kserve/deployment.ts'

/** What a bundle expects to find in the cluster of a device. */
export interface Expected {
  readonly namespace: string
  readonly kinds: Compared
  /** Arguments whose value is shown to nobody. */
  readonly secretArgument: RegExp
  /** `KIND/NAME` → object, as far as it is compared. */
  readonly objects: ReadonlyMap<string, ExpectedObject>
  readonly models: readonly ExpectedModel[]
}

export interface ExpectedImage {
  readonly container: string
  readonly reference: string
  readonly digest?: string
}

export interface ExpectedModel {
  readonly name: string
  /** Of the containers of its pods: those of its runtime, and KServe's two for a ModelCar. */
  readonly images: readonly ExpectedImage[]
}

/**
 * What a bundle expects of the cluster of one device.
 *
 * @param document - probes/expected.json
 * @param manifest - bundle.json: digests of images
 * @param choice - the site that the device is at, and the models that are asked for: all when left out
 */
export const expectedAt = (
  document: ExpectedDocument,
  { images }: Pick<BundleManifest, 'images'>,
  { site, models: wanted }: { readonly site?: string; readonly models?: readonly string[] } = {},
): Expected => {
  const all = objectsAt(document, site)
  const named = (kind: string) =>
    [...all].flatMap(([key, object]) =>
      key.startsWith(`${kind}/`) ? [{ name: key.slice(kind.length + 1), object }] : [],
    )
  const services = named('InferenceService').filter(({ name }) => wanted === undefined || wanted.includes(name))
  const digests = new Map(images.map(({ reference, digest }) => [reference, digest]))
  const models = services.map(({ name, object }): ExpectedModel => {
    const pod = serverImagesOf(object, all.get(`Deployment/${name}-predictor`))
    return {
      name,
      images: pod.map(({ container, reference }) => {
        const digest = digests.get(reference)
        return { container, reference, ...(digest === undefined ? {} : { digest }) }
      }),
    }
  })
  const isWanted = wanted === undefined ? () => true : neededBy(services)
  return {
    namespace: document.namespace,
    kinds: document.kinds,
    // Edge's own: a pattern of a stranger's could take for ever.
    secretArgument: new RegExp(secretArgument, 'i'),
    objects: new Map([...all].filter(([key, object]) => isWanted(key, object))),
    models,
  }
}

/** The objects of a site; those of the base without one. */
export const objectsAt = (
  { objects, siteObjects, sites, baseDomain, site: own }: ExpectedDocument,
  site: string | undefined,
): Map<string, ExpectedObject> => {
  // A bundle for one site has its values in place of overlays.
  const changes = site === undefined || site === own || !Object.hasOwn(sites, site) ? {} : (sites[site] ?? {})
  const all = new Map(Object.entries(objects))
  for (const [key, patch] of Object.entries(changes.objects ?? {})) {
    if (patch === null) all.delete(key)
    else all.set(key, applyMergePatch(all.get(key) ?? siteObjects[key], patch) as ExpectedObject)
  }
  for (const [key, { hostLabel, ...object }] of all) {
    if (hostLabel === undefined) continue
    const host = `${hostLabel}.apps.${changes.baseDomain ?? baseDomain}`
    all.set(key, { ...object, spec: { ...(object['spec'] as object), host } })
  }
  return all
}

/** Whether models need an object: their own, their runtimes and the Routes to them; and what is there for all. */
const neededBy = (services: readonly { readonly name: string; readonly object: ExpectedObject }[]) => {
  const keys = new Set(
    services.flatMap(({ name, object }) => {
      const runtime = at(object, 'spec', 'predictor', 'model', 'runtime')
      return [`InferenceService/${name}`, `Deployment/${name}-predictor`, `ServingRuntime/${String(runtime)}`]
    }),
  )
  return (key: string, object: ExpectedObject): boolean => {
    if (!key.startsWith('Route/'))
      return keys.has(key) || !/^(?:InferenceService|Deployment|ServingRuntime)\//.test(key)
    const others = at(object, 'spec', 'alternateBackends')
    const targets = [at(object, 'spec', 'to'), ...(Array.isArray(others) ? (others as unknown[]) : [])]
    return targets.some((target) => keys.has(`Deployment/${String(at(target, 'name'))}`))
  }
}

const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((inner: unknown, key) => (isMap(inner) ? inner[key] : undefined), value)
