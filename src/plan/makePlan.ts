import { type Finding, finding, type Location } from '../findings/finding.ts'
import type { ArchiveBesideSpec } from '../oci/archive.ts'
import type { Lock } from '../oci/lock.ts'
import type { Payload } from '../payload/payload.ts'
import { defaultBaseDomain, type Spec } from '../spec/spec.ts'
import {
  acceptIgnored,
  checkBaseDomain,
  checkNamespace,
  controllerKey,
  checkSecrets,
  checkTwice,
  unusedFiles,
  unusedOverrides,
} from './checks.ts'
import { kserveImages, planBootc, planMirrors } from './bootc.ts'
import { byDefault, type Decision, decided, given } from './decision.ts'
import { membersOf, planEndpoints } from './endpoints.ts'
import { type ExtraManifest, planExtraManifests } from './extraManifests/planExtraManifests.ts'
import type { checkLock } from './images/checkLock.ts'
import type { ControllerImages } from './images/ofObject.ts'
import { siteImages } from './images/siteImages.ts'
import { type ImageSources, lockedImages, resolveReference } from './images/sources.ts'
import { workloadImages } from './images/table.ts'
import type { ApplyJsonPatch } from './jsonPatch.ts'
import type { planKserveConfig } from './kserveConfig/planKserveConfig.ts'
import { placedModel } from './model/placedModel.ts'
import type { ModelContext } from './model/context.ts'
import { planModel } from './model/planModel.ts'
import { isAtLeast } from './model/replicas.ts'
import type { Plan, PlannedKserveConfig, PlannedRuntime } from './plan.ts'
import {
  type AvailableRuntime,
  availableRuntimes,
  patchRuntimes,
  rewriteRuntime,
  type RuntimeFile,
} from './runtimes.ts'
import { planSites } from './sites/planSites.ts'

/** Files that the spec names, read. */
export interface UserFiles {
  readonly runtimes: readonly RuntimeFile[]
  readonly extraManifests: readonly ExtraManifest[]
  /** Pictures and bodies of probes, by the path that the spec gives. */
  readonly bodies: ReadonlyMap<string, Uint8Array>
  /** Archives that models come from, by source; only their manifests were read. */
  readonly archives: ReadonlyMap<string, ArchiveBesideSpec>
}

/** What few specs ask for, and is loaded for those alone: neededTools says which. */
export interface PlanningTools {
  readonly applyJsonPatch?: ApplyJsonPatch
  readonly planKserveConfig?: typeof planKserveConfig
  readonly checkLock?: typeof checkLock
}

export interface Planned {
  /** Absent without a payload. */
  readonly plan?: Plan
  readonly findings: readonly Finding[]
}

/**
 * Makes the plan: every decision, from spec and payload, and everything that is wrong with them.
 *
 * @param spec - the parsed spec
 * @param payload - the payload, read; without it everything is checked that does not depend on it
 * @param files - the files that the spec names, read
 * @param tools - what the spec asks for
 * @param lock - what `edge lock` found out, where there is a lock
 */
export const makePlan = (
  spec: Spec,
  payload: Payload | undefined,
  files: UserFiles,
  tools: PlanningTools,
  lock?: Lock,
): Planned => {
  const { base, file, images: releaseInfo } = payload?.releaseInfo ?? noReleaseInfo
  const locked = lock === undefined ? undefined : lockedImages(lock)
  const sources: ImageSources = {
    overrides: new Map(Object.entries(spec.body.images ?? {})),
    releaseInfo,
    releaseInfoFile: file,
    archives: files.archives,
    ...(locked === undefined ? {} : { locked }),
  }
  const { kserveConfig, ...config } =
    payload === undefined || tools.planKserveConfig === undefined
      ? { asked: [], findings: [] }
      : tools.planKserveConfig(spec, payload, sources)
  const controllers = controllerImages(kserveConfig, releaseInfo)
  const all = availableRuntimes(payload?.runtimes ?? [], files.runtimes)
  const available = patchRuntimes(
    all.runtimes,
    payload === undefined ? {} : spec.body.runtimePatches,
    tools.applyJsonPatch,
  )
  const baseDomain = baseDomainOf(spec)
  const context: ModelContext = {
    namespace: spec.namespace,
    baseDomain,
    base,
    sources,
    controllers,
    bodies: files.bodies,
    ...(tools.applyJsonPatch === undefined ? {} : { applyJsonPatch: tools.applyJsonPatch }),
    ...(payload === undefined ? {} : { runtimes: available.runtimes }),
    ...(payload?.microshift === undefined ? {} : { microshift: payload.microshift }),
  }
  const results = spec.models.map(({ value, pointer }) => ({
    pointer,
    name: value.name,
    result: planModel(placedModel(value, pointer), context),
  }))
  const byName = new Map(results.map(({ name, result }) => [name, result]))
  const placed = results.flatMap(({ pointer, result: { model } }) => (model === undefined ? [] : [{ model, pointer }]))
  const models = placed.map(({ model }) => model)
  const sites = [...planSites(spec, byName, context)]
  const names = spec.models.map(({ value }) => value.name)
  const endpoints = planEndpoints(spec.endpoints, membersOf(byName), names, context)
  const extraManifests = planExtraManifests(files.extraManifests, spec.namespace, sources, controllers)
  const mirrors = planMirrors(spec.body.mirrors ?? {})
  const { bootc, findings: bootcFindings } = planBootc(spec, payload)
  const found: (readonly Finding[])[] = [
    checkNamespace(spec),
    checkBaseDomain(spec),
    all.findings,
    available.findings,
    ...results.map(({ result }) => result.findings),
    checkTwice(spec, placed, endpoints.endpoints),
    endpoints.findings,
    ...sites.map(({ findings }) => findings),
    extraManifests.findings,
    checkSecrets(spec),
    mirrors.findings,
    bootcFindings,
  ]
  const answer = (): readonly Finding[] => acceptIgnored(spec, once(found.flat()))
  if (payload === undefined || bootc === undefined) return { findings: answer() }
  if (models.length > 0 && !isAtLeast(base, 2, 20)) found.push([finding('modelcar-link-lost', { base })])

  const usedHere = new Set(results.map(({ result }) => result.runtime))
  const usedBySites = new Set(sites.flatMap(({ runtimes }) => runtimes))
  const sorted = available.runtimes.toSorted((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1))
  const rewrittenOf = (isUsed: (name: string) => boolean) =>
    sorted.filter(({ object }) => isUsed(object.metadata.name)).map((runtime) => rewrite(runtime, sources))
  const here = rewrittenOf((name) => usedHere.has(name))
  const atSites = rewrittenOf((name) => !usedHere.has(name) && usedBySites.has(name))
  const rewritten = [...here, ...atSites]
  const runtimes = here.map(({ runtime }) => runtime)
  const siteRuntimes = atSites.map(({ runtime }) => runtime)

  const extra = (spec.body.extraImages ?? []).map((image, index) => ({
    pointer: `/spec/extraImages/${index}`,
    ...resolveReference(image, 'extraImages', { pointer: `/spec/extraImages/${index}` }, sources),
  }))
  const kserve = kserveImages(spec, payload, sources)
  const controller = releaseInfo.get(controllerKey)
  const otherImages = {
    ...(controller === undefined ? {} : { controller }),
    kserve: kserve.images,
    extra: [
      ...extra.flatMap(({ reference, pointer }) =>
        reference === undefined ? [] : [{ reference, why: 'extraImages', pointer }],
      ),
      ...extraManifests.images,
    ],
  }
  const planned = sites.map(({ site }) => site)
  const images = workloadImages(runtimes, models, otherImages, locked, siteImages(planned, models, siteRuntimes))
  const asked = [...rewritten, ...results.map(({ result }) => result), ...sites, ...extra, kserve, config]
  found.push(
    ...rewritten.map(({ findings }) => findings),
    unusedFiles(files.runtimes, available.runtimes, [...runtimes, ...siteRuntimes]),
    ...extra.map(({ findings }) => findings),
    kserve.findings,
    config.findings,
    unusedOverrides(sources, new Set(asked.flatMap((part) => part.asked))),
  )
  if (lock !== undefined && tools.checkLock !== undefined) {
    const modelCars = [...models, ...planned.flatMap((site) => site.models)].map(({ facts }) => facts.source)
    found.push(tools.checkLock(lock, images, new Set(modelCars)))
  }

  return {
    plan: {
      name: spec.name,
      namespace: spec.namespace,
      baseDomain,
      specSha256: spec.sha256,
      payload: {
        base,
        releaseInfoSha256: payload.releaseInfo.sha256,
        ...(payload.microshift === undefined ? {} : { release: payload.microshift }),
      },
      runtimes,
      siteRuntimes,
      models,
      endpoints: endpoints.endpoints,
      secrets: spec.body.secrets ?? [],
      ...(extraManifests.manifests === undefined ? {} : { extraManifests: extraManifests.manifests }),
      ...(kserveConfig === undefined ? {} : { kserveConfig }),
      sites: planned,
      otherImages,
      ...(locked === undefined ? {} : { locked }),
      mirrors: mirrors.mirrors,
      bootc,
      images,
    },
    findings: answer(),
  }
}

const noReleaseInfo = { base: '', file: '', images: new Map<string, string>() }

const baseDomainOf = ({ body, baseDomain }: Spec): Decision<string> =>
  body.baseDomain === undefined
    ? decided(defaultBaseDomain, byDefault, { code: 'base-domain-default' })
    : given(baseDomain, { from: 'spec', pointer: '/spec/baseDomain' })

/** A ServingRuntime as the bundle has it. */
const rewrite = (
  runtime: AvailableRuntime,
  sources: ImageSources,
): { runtime: PlannedRuntime; asked: readonly string[]; findings: readonly Finding[] } => {
  const { object, images, asked, findings } = rewriteRuntime(runtime, sources)
  return {
    runtime: {
      name: object.metadata.name,
      from: runtime.file,
      own: runtime.own,
      object,
      images: images.flatMap(({ container, image }) => (image === undefined ? [] : [{ container, image }])),
    },
    asked,
    findings,
  }
}

/** Images that KServe adds to pods are named by its configuration: the override's, or the payload's, whose values the release-info has. */
const controllerImages = (
  config: PlannedKserveConfig | undefined,
  releaseInfo: ReadonlyMap<string, string>,
): ControllerImages => ({
  referenceOf: (key) => {
    const text = config?.data[configKeys[key] ?? '']
    return text === undefined ? releaseInfo.get(key) : configuredImage(text, key)
  },
  hasRbacProxy: releaseInfo.has('kube-rbac-proxy'),
})

/** Where inferenceservice-config names them: facts/kserve.md, inferenceservice-config. */
const configKeys: Readonly<Record<string, string>> = {
  'kserve-agent': 'agent',
  'kserve-router': 'router',
  'kserve-storage-initializer': 'storageInitializer',
  'oauth-proxy': 'oauthProxy',
  'kube-rbac-proxy': 'oauthProxy',
}

const configuredImage = (text: string, key: string): string | undefined => {
  const fields = JSON.parse(text) as Readonly<Record<string, unknown>>
  const own = key === 'kube-rbac-proxy' ? fields['kubeRbacProxyImage'] : fields['oauthProxyImage']
  const image = configKeys[key] === 'oauthProxy' ? (own ?? fields['image']) : fields['image']
  return typeof image === 'string' && image !== '' ? image : undefined
}

/** Each problem once, whoever found it: two that ask for one image of spec.images find the same. */
const once = (findings: readonly Finding[]): Finding[] => {
  const seen = new Set<string>()
  return findings.filter(({ code, at, args }) => {
    const { image } = args as { readonly image?: unknown }
    const key = JSON.stringify([code, at satisfies Location | undefined, image ?? args])
    return !seen.has(key) && seen.add(key)
  })
}
