import type { ExpectedDocument, ExpectedObject, ExpectedObjects, ExpectedSite } from '../kubernetes/compared.ts'
import { bundleLayout } from '../layout.ts'
import { configMapName } from '../kubernetes/names.ts'
import type { KubernetesObject } from '../kubernetes/types.ts'
import type { Plan, PlannedSite } from '../plan/plan.ts'
import { resolveSite } from '../plan/sites/resolveSite.ts'
import { compared, secretArgument } from '../workloads/kserve/compared.ts'
import { expectedDeployment } from '../workloads/kserve/deployment.ts'
import type { File } from './file.ts'
import { routesOf, workloadObjects } from './manifests.ts'
import { makeMergePatch } from '../basics/mergePatch.ts'

/** What is live once the bundle is applied, and how that is compared: for the health check, and for `edge verify --kubeconfig`. */
export function* expected(plan: Plan): Iterable<File> {
  const known = new WeakMap<KubernetesObject, ExpectedObject>()
  const objects = { ...expectedObjects(plan, known), ...expectedConfig(plan) }
  const siteObjects = Object.fromEntries(
    plan.siteRuntimes.map(({ object }) => [keyOf(object), comparedPart(object, known)] as const),
  )
  const document: ExpectedDocument = {
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'Expected',
    name: plan.name,
    namespace: plan.namespace,
    baseDomain: plan.baseDomain.value,
    ...(plan.site === undefined ? {} : { site: plan.site }),
    kinds: compared,
    secretArgument,
    objects,
    siteObjects,
    sites: Object.fromEntries(
      plan.sites.map((site) => [site.name, siteDelta(plan, site, { objects, siteObjects }, known)] as const),
    ),
  }
  yield { path: bundleLayout.expected, content: `${JSON.stringify(document, undefined, 1)}\n` }
}

/** Objects that sites share with the base are the same objects: what is known of one is not made again. */
type Known = WeakMap<KubernetesObject, ExpectedObject>

const keyOf = ({ kind, metadata: { name } }: KubernetesObject): string => `${kind}/${name}`

const expectedObjects = (plan: Plan, known: Known): Record<string, ExpectedObject> => {
  const labels = new Map(routesOf(plan).map(({ name, hostLabel }) => [name, hostLabel]))
  const runtimes = new Map(plan.runtimes.map(({ name, object }) => [name, object]))
  return Object.fromEntries([
    ...workloadObjects(plan).map((object): [string, ExpectedObject] => {
      const part = comparedPart(object, known)
      const hostLabel = object.kind === 'Route' ? labels.get(object.metadata.name) : undefined
      return [keyOf(object), hostLabel === undefined ? part : hosted(part, hostLabel)]
    }),
    ...plan.models.map(({ predictor, object }): [string, ExpectedObject] => [
      `Deployment/${predictor}`,
      expectedDeployment(object, runtimes.get(object.spec.predictor.model.runtime)),
    ]),
  ])
}

/** A Route whose host follows the base domain: sites that differ in that alone differ in nothing else. */
const hosted = (part: ExpectedObject, hostLabel: string): ExpectedObject => {
  const { host: _, ...spec } = part['spec'] as Readonly<Record<string, unknown>>
  return { hostLabel, ...part, spec }
}

const expectedConfig = ({ kserveConfig: config }: Plan): Record<string, ExpectedObject> => {
  if (config === undefined) return {}
  const { namespace, labels, annotations, data } = config
  return { [`ConfigMap/${configMapName}`]: { metadata: { namespace, labels, annotations }, data } }
}

/** An object without what says which it is, and without fields that are null: the API server has no such fields. */
const comparedPart = (object: KubernetesObject, known: Known): ExpectedObject => {
  const before = known.get(object)
  if (before !== undefined) return before
  const { apiVersion: _, kind: __, metadata, ...fields } = object
  const { labels, annotations } = metadata
  const part = withoutNulls({ metadata: { labels, annotations }, ...fields }) as ExpectedObject
  known.set(object, part)
  return part
}

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutNulls)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
      part == null ? [] : [[key, withoutNulls(part)]],
    ),
  )
}

const siteDelta = (
  plan: Plan,
  site: PlannedSite,
  base: { readonly objects: ExpectedObjects; readonly siteObjects: ExpectedObjects },
  known: Known,
): ExpectedSite => {
  const there = expectedObjects(resolveSite(plan, site), known)
  const changes: Record<string, unknown> = {}
  for (const [key, object] of Object.entries(there)) {
    const before = base.objects[key]
    const patch = makeMergePatch(before ?? base.siteObjects[key] ?? {}, object)
    if (patch !== undefined) changes[key] = patch
    else if (before === undefined) changes[key] = {}
  }
  for (const key of Object.keys(base.objects))
    if (!Object.hasOwn(there, key) && !key.startsWith('ConfigMap/')) changes[key] = null
  return {
    ...(site.baseDomain === undefined ? {} : { baseDomain: site.baseDomain.value }),
    ...(Object.keys(changes).length === 0 ? {} : { objects: changes }),
  }
}
