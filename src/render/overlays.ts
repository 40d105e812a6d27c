import overlay from '../../kustomize/overlay.yaml'
import type { KubernetesObject } from '../kubernetes/types.ts'
import type { Plan, PlannedSite } from '../plan/plan.ts'
import { resolveSite } from '../plan/sites/resolveSite.ts'
import type { File } from './file.ts'
import { dumpYaml } from './kubernetes/dump.ts'
import { makeMergePatch } from '../basics/mergePatch.ts'
import { objectFile, workloadObjects } from './manifests.ts'
import { bundleLayout } from '../layout.ts'

/** An overlay for each site: patches that a person can read, and files for objects that only the site has. */
export function* overlays(plan: Plan): Iterable<File> {
  const base = new Map(workloadObjects(plan).map((object) => [objectFile(object), object]))
  for (const site of plan.sites) yield* siteOverlay(plan, site, base)
}

function* siteOverlay(plan: Plan, site: PlannedSite, base: ReadonlyMap<string, KubernetesObject>): Iterable<File> {
  const directory = bundleLayout.overlay(site.name)
  const resources = [`../../${bundleLayout.workload(plan.name)}`]
  const patches: { patch: string }[] = []
  const there = new Set<string>()
  for (const object of workloadObjects(resolveSite(plan, site))) {
    const file = objectFile(object)
    there.add(file)
    const before = base.get(file)
    if (before === undefined) {
      resources.push(file)
      yield { path: `${directory}/${file}`, content: dumpYaml(object) }
    } else if (before !== object) {
      const patch = makeMergePatch(before, object) as { readonly metadata?: object } | undefined
      if (patch !== undefined) patches.push({ patch: dumpYaml(withIdentity(object, patch)) })
    }
  }
  for (const [file, object] of base)
    if (!there.has(file)) patches.push({ patch: dumpYaml({ $patch: 'delete', ...withIdentity(object, {}) }) })
  yield {
    path: bundleLayout.kustomization(directory),
    content: dumpYaml({
      ...overlay,
      namespace: plan.namespace,
      resources,
      ...(patches.length === 0 ? {} : { patches }),
    }),
  }
}

/** A patch with what kustomize finds its object by, in the order in which objects are written. */
const withIdentity = (
  { apiVersion, kind, metadata: { name } }: KubernetesObject,
  { metadata, ...patch }: { readonly metadata?: object },
): object => ({ apiVersion, kind, metadata: { name, ...metadata }, ...patch })
