import base from '../../kustomize/base.yaml'
import extra from '../../kustomize/extra.yaml'
import type { KubernetesObject } from '../kubernetes/types.ts'
import type { Plan, PlannedRoute } from '../plan/plan.ts'
import type { File } from './file.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { namespaceObject } from './kubernetes/namespace.ts'
import { networkPolicy } from './kubernetes/networkPolicy.ts'
import { certificateReaders, route } from './kubernetes/route.ts'
import { bundleLayout } from '../layout.ts'

/** The workload's objects, in the order in which a reader wants them; kustomize applies them in its own. */
export const workloadObjects = (
  plan: Pick<Plan, 'namespace' | 'runtimes' | 'models' | 'endpoints'>,
): KubernetesObject[] => {
  const routes = routesOf(plan)
  return [
    namespaceObject(plan.namespace),
    networkPolicy(),
    ...plan.runtimes.map(({ object }) => object),
    ...plan.models.map(({ object }) => object),
    ...certificateReaders([...new Set(routes.flatMap(({ certificateSecret }) => certificateSecret ?? []))]),
    ...routes.map(route),
  ]
}

/** The Routes of models and endpoints. */
export const routesOf = ({ models, endpoints }: Pick<Plan, 'models' | 'endpoints'>): PlannedRoute[] => [
  ...models.flatMap((model) => model.route ?? []),
  ...endpoints.map((endpoint) => endpoint.route),
]

/** Name of an object's file. */
export const objectFile = ({ kind, metadata }: KubernetesObject): string =>
  `${kind.toLowerCase()}-${metadata.name}.yaml`

/** The workload's manifests: one object a file, and the kustomization that lists them. */
export function* manifests(plan: Plan): Iterable<File> {
  yield* extraManifests(plan)
  const directory = bundleLayout.workload(plan.name)
  const objects = workloadObjects(plan)
  for (const object of objects) yield { path: `${directory}/${objectFile(object)}`, content: dumpYaml(object) }
  yield {
    path: bundleLayout.kustomization(directory),
    content: dumpYaml({ ...base, namespace: plan.namespace, resources: objects.map(objectFile) }),
  }
}

function* extraManifests(plan: Plan): Iterable<File> {
  if (plan.extraManifests === undefined) return
  const directory = bundleLayout.extraManifests(plan.name)
  const { files, resources, namespace } = plan.extraManifests
  for (const { path, text } of files) yield { path: `${directory}/${path}`, content: text }
  const own = namespace === undefined ? undefined : freeName(new Set(files.map(({ path }) => path)))
  if (own !== undefined) yield { path: `${directory}/${own}`, content: dumpYaml(namespaceObject(namespace ?? '')) }
  yield {
    path: bundleLayout.kustomization(directory),
    content: dumpYaml({ ...extra, resources: [...(own === undefined ? [] : [own]), ...resources] }),
  }
}

/** The user's files keep their names. */
const freeName = (taken: ReadonlySet<string>, count = 0): string => {
  const name = `edge-namespace${count === 0 ? '' : `-${count}`}.yaml`
  return taken.has(name) ? freeName(taken, count + 1) : name
}
