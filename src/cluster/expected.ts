import type { BundleManifest } from '../bundle/manifest.ts'
import type { InferenceService, KubernetesObject, Route, ServingRuntime } from '../kubernetes/types.ts'
import { configMapName } from '../kubernetes/names.ts'
import { applyOverlay, type ReadFile, readObjects, yamlOf } from './overlay.ts'
import { bundleLayout, findKserveConfig } from '../layout.ts'

/** What a bundle expects to find in the cluster of a device. */
export interface Expected {
  readonly namespace: string
  readonly runtimes: readonly ExpectedRuntime[]
  readonly models: readonly ExpectedModel[]
  readonly routes: readonly ExpectedRoute[]
  /** Absent where the bundle leaves KServe's configuration as the payload has it. */
  readonly config?: ExpectedConfig
}

export interface ExpectedImage {
  readonly container: string
  readonly reference: string
  readonly digest?: string
}

export interface ExpectedRuntime {
  readonly name: string
  readonly images: readonly ExpectedImage[]
}

export interface ExpectedModel {
  readonly name: string
  readonly storageUri: string
  readonly runtime: string
  /** Of the containers of its pods: those of its runtime, and KServe's two for a ModelCar. */
  readonly images: readonly ExpectedImage[]
}

export interface ExpectedRoute {
  readonly name: string
  readonly host: string
  readonly path?: string
  readonly services: readonly string[]
  readonly targetPort: number
}

export interface ExpectedConfig {
  readonly namespace: string
  /** Where it stands in the bundle. */
  readonly file: string
  /** Key → JSON, as text. */
  readonly data: Readonly<Record<string, string>>
}

const scheme = 'oci://'

/**
 * Reads what a bundle expects of a cluster.
 *
 * @param manifest - bundle.json
 * @param read - gives the text of a file that bundle.json names
 * @param choice - the site that the device is at, and the models that are asked for: all when left out
 */
export const readExpected = (
  manifest: BundleManifest,
  read: ReadFile,
  { site, models: wanted }: { readonly site?: string; readonly models?: readonly string[] } = {},
): Expected => {
  const base = readObjects(bundleLayout.workload(manifest.name), read)
  // A bundle for one site has no overlays: its values stand in the base.
  const hasOverlay =
    site !== undefined && Object.hasOwn(manifest.files, bundleLayout.kustomization(bundleLayout.overlay(site)))
  const objects = hasOverlay ? applyOverlay(base, bundleLayout.overlay(site), read) : base
  const digests = new Map(
    manifest.images.flatMap(({ reference, digest }): [string, string][] =>
      digest === undefined ? [] : [[reference, digest]],
    ),
  )
  const image = (container: string, reference: string): ExpectedImage => ({
    container,
    reference,
    ...(digests.has(reference) ? { digest: digests.get(reference) ?? '' } : {}),
  })

  const runtimes = objects.filter(isKind<ServingRuntime>('ServingRuntime')).map(({ metadata: { name }, spec }) => ({
    name,
    images: [...spec.containers, ...(spec.workerSpec?.containers ?? [])].map((container) =>
      image(container.name, container.image),
    ),
  }))
  const models = objects
    .filter(isKind<InferenceService>('InferenceService'))
    .filter(({ metadata: { name } }) => wanted === undefined || wanted.includes(name))
    .map(({ metadata: { name }, spec: { predictor } }): ExpectedModel => {
      const {
        storageUri,
        runtime,
        image: own,
      } = predictor.model as typeof predictor.model & { readonly image?: string }
      const containers = (runtimes.find((one) => one.name === runtime)?.images ?? []).map((one) =>
        own !== undefined && one.container === 'kserve-container' ? image(one.container, own) : one,
      )
      // facts/kserve.md, ModelCar.
      const modelCar = storageUri.startsWith(scheme)
        ? ['modelcar', 'modelcar-init'].map((container) => image(container, storageUri.slice(scheme.length)))
        : []
      return { name, storageUri, runtime, images: [...containers, ...modelCar] }
    })
  const routes = objects
    .filter(isKind<Route>('Route'))
    .map(({ metadata: { name }, spec: { host, path, to, alternateBackends = [], port } }): ExpectedRoute => ({
      name,
      host,
      ...(path === undefined ? {} : { path }),
      services: [to, ...alternateBackends].map((target) => target.name),
      targetPort: port.targetPort,
    }))
  const config = readConfig(manifest, read)
  return {
    namespace: manifest.namespace,
    runtimes: runtimes.filter(({ name }) => wanted === undefined || models.some(({ runtime }) => runtime === name)),
    models,
    routes: routes.filter(
      ({ services }) => wanted === undefined || models.some(({ name }) => services.includes(`${name}-predictor`)),
    ),
    ...(config === undefined ? {} : { config }),
  }
}

const isKind =
  <T extends KubernetesObject>(kind: T['kind']) =>
  (object: KubernetesObject): object is T =>
    object.kind === kind

/** KServe's configuration, where the bundle has one. */
const readConfig = ({ files, name }: BundleManifest, read: ReadFile): ExpectedConfig | undefined => {
  const file = findKserveConfig(Object.keys(files), name, `${configMapName}.yaml`)
  if (file === undefined) return undefined
  const { namespace } = yamlOf(read(bundleLayout.kustomization(file.replace(/\/[^/]*$/, '')))) as {
    readonly namespace: string
  }
  const { data } = yamlOf(read(file)) as { readonly data: Readonly<Record<string, string>> }
  return { namespace, file, data }
}
