import type { Plan } from '../plan/plan.ts'
import { imageList } from '../render/lists/list.ts'
import { explainModel } from '../views/explain.ts'
import type { BundleManifest } from './manifest.ts'

/** What a bundle is made with, beside its plan. */
export interface BundleOrigin {
  /** The version of edge. */
  readonly toolVersion: string
  /** The lines of the spec that JSON pointers lead to, from 1. */
  readonly linesOf: (pointers: Iterable<string>) => ReadonlyMap<string, number>
}

/**
 * Describes a bundle.
 *
 * @param plan - what it was rendered from
 * @param hashes - path and sha256 of each of its files
 * @param origin - the version of edge, and the lines of the spec
 */
export const bundleManifest = (
  plan: Plan,
  hashes: ReadonlyMap<string, string>,
  { toolVersion, linesOf }: BundleOrigin,
): BundleManifest => {
  const { images, mirrors, budget } = imageList(plan)
  const decisions = plan.models.map((model) => explainModel(plan, model))
  const lines = linesOf(decisions.flat().flatMap(({ pointer }) => pointer ?? []))
  return {
    apiVersion: 'edge.microshift.dev/v1alpha1',
    kind: 'Bundle',
    name: plan.name,
    namespace: plan.namespace,
    tool: { name: 'microshift-edge', version: toolVersion },
    spec: { sha256: plan.specSha256 },
    payload: {
      ...(plan.payload.release === undefined ? {} : { release: plan.payload.release }),
      base: plan.payload.base,
      releaseInfo: { sha256: plan.payload.releaseInfoSha256 },
    },
    images,
    ...(mirrors.length === 0 ? {} : { mirrors }),
    ...(budget === undefined ? {} : { budget }),
    models: plan.models.map((model, index) => ({
      name: model.name,
      runtime: model.facts.runtime,
      source: model.decisions.source.value,
      port: model.facts.port.port,
      ...(model.route === undefined ? {} : { host: model.route.host.value }),
      decisions: (decisions[index] ?? []).map((decision) => {
        const line = decision.pointer === undefined ? undefined : lines.get(decision.pointer)
        return line === undefined ? decision : { ...decision, line }
      }),
    })),
    sites: plan.site === undefined ? plan.sites.map(({ name }) => name) : [plan.site],
    files: Object.fromEntries([...hashes].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}
