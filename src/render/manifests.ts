import base from '../../kustomize/base.yaml'
import type { KubernetesObject } from '../kubernetes/types.ts'
import type { Plan } from '../plan/plan.ts'
import type { File } from './file.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { inferenceService } from './kubernetes/inferenceService.ts'
import { route } from './kubernetes/route.ts'

/** The directory of the workload's manifests; MicroShift applies it after the payload's 010 and 050. */
export const workloadDirectory = ({ name }: Pick<Plan, 'name'>): string => `manifests.d/100-${name}`

/** The workload's objects, in the order in which a reader wants them; kustomize applies them in its own. */
export const workloadObjects = ({ namespace, runtimes, models }: Plan): KubernetesObject[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...runtimes.map(({ object }) => object),
  ...models.map(inferenceService),
  ...models.flatMap((model) => (model.route === undefined ? [] : [route(model, model.route)])),
]

/** The workload's manifests: one object a file, and the kustomization that lists them. */
export function* manifests(plan: Plan): Iterable<File> {
  const directory = workloadDirectory(plan)
  const resources: string[] = []
  for (const object of workloadObjects(plan)) {
    const name = `${object.kind.toLowerCase()}-${object.metadata.name}.yaml`
    resources.push(name)
    yield { path: `${directory}/${name}`, content: dumpYaml(object) }
  }
  yield { path: `${directory}/kustomization.yaml`, content: dumpYaml({ ...base, namespace: plan.namespace, resources }) }
}
