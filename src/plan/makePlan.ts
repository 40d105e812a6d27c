import { type Finding, finding } from '../findings/finding.ts'
import type { ArchiveBesideSpec } from '../oci/archive.ts'
import type { Lock } from '../oci/lock.ts'
import type { Payload } from '../payload/payload.ts'
import type { Spec } from '../spec/spec.ts'
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
import { membersOf, planEndpoints } from './endpoints.ts'
import { type ExtraManifest, planExtraManifests } from './extraManifests.ts'
import {
  imageOrigin,
  type ImageSources,
  lockedImages,
  modelImage,
  resolveReference,
  workloadImages,
} from './images/images.ts'
import { type ModelContext, planModel } from './model/planModel.ts'
import type { Plan, PlannedRuntime } from './plan.ts'
import { isAtLeast } from './model/replicas.ts'
import {
  type AvailableRuntime,
  availableRuntimes,
  patchRuntimes,
  rewriteRuntime,
  type RuntimeFile,
} from './runtimes.ts'
import { givenFields } from './given.ts'
import { siteImages } from './images/siteImages.ts'
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
 * @param lock - what `edge lock` found out, where there is a lock
 */
export const makePlan = async (
  spec: Spec,
  payload: Payload | undefined,
  files: UserFiles,
  lock?: Lock,
): Promise<Planned> => {
  const { base, images: releaseInfo } = payload?.releaseInfo ?? { base: '', images: new Map<string, string>() }
  const locked = lock === undefined ? undefined : lockedImages(lock)
  const sources: ImageSources = {
    overrides: new Map(Object.entries(spec.body.images ?? {})),
    releaseInfo,
    archives: files.archives,
    asked: new Set(),
    ...(locked === undefined ? {} : { locked }),
  }
  const all = availableRuntimes(payload?.runtimes ?? [], files.runtimes)
  // What few specs ask for is loaded for those alone.
  const applyJsonPatch = hasPatch(spec) ? (await import('./jsonPatch.ts')).applyJsonPatch : undefined
  const available = patchRuntimes(all.runtimes, payload === undefined ? {} : spec.body.runtimePatches, applyJsonPatch)
  const context: ModelContext = {
    namespace: spec.namespace,
    baseDomain: spec.baseDomain,
    base,
    sources,
    bodies: files.bodies,
    ...(applyJsonPatch === undefined ? {} : { applyJsonPatch }),
    ...(payload === undefined ? {} : { runtimes: available.runtimes.map(({ object }) => object) }),
    ...(payload?.microshift === undefined ? {} : { microshift: payload.microshift }),
  }
  const results = spec.models.map((placed) => ({ placed, result: planModel(placed, context) }))
  const byName = new Map(results.map(({ placed, result }) => [placed.value.name, result]))
  const models = results.flatMap(({ placed, result }) =>
    result.model === undefined ? [] : [{ model: result.model, pointer: placed.pointer }],
  )
  const sites = [...planSites(spec, byName, context)]
  const endpoints = planEndpoints(
    spec.endpoints,
    membersOf(byName),
    spec.models.map(({ value }) => value.name),
    context,
  )
  const extraManifests = planExtraManifests(files.extraManifests)
  const found: (readonly Finding[])[] = [
    checkNamespace(spec),
    checkBaseDomain(spec),
    all.findings,
    available.findings,
    ...results.map(({ result }) => result.findings),
    checkTwice(spec, models, endpoints.endpoints),
    endpoints.findings,
    ...sites.map(({ findings }) => findings),
    extraManifests.findings,
    checkSecrets(spec),
  ]
  const mirrors = planMirrors(spec.body.mirrors ?? {})
  const { bootc, findings: bootcFindings } = planBootc(spec, payload)
  found.push(mirrors.findings, bootcFindings)
  if (payload === undefined || bootc === undefined) return { findings: acceptIgnored(spec, found.flat()) }
  if (models.length > 0 && !isAtLeast(base, 2, 20)) found.push([finding('modelcar-link-lost', { base })])

  const usedHere = new Set(results.map(({ result }) => result.runtime))
  const usedBySites = new Set(sites.flatMap(({ runtimes }) => runtimes))
  const rewrite = (runtime: AvailableRuntime): PlannedRuntime => {
    const { object, images, findings } = rewriteRuntime(runtime, sources)
    found.push(findings)
    return {
      name: object.metadata.name,
      from: runtime.file,
      own: runtime.own,
      object,
      images: images.map((image) => ({ ...image, ...imageOrigin(image.asked, sources, payload.releaseInfo.file) })),
    }
  }
  const sorted = available.runtimes.toSorted((a, b) => (a.object.metadata.name < b.object.metadata.name ? -1 : 1))
  const runtimes = sorted.filter(({ object }) => usedHere.has(object.metadata.name)).map(rewrite)
  const siteRuntimes = sorted
    .filter(({ object }) => !usedHere.has(object.metadata.name) && usedBySites.has(object.metadata.name))
    .map(rewrite)
  found.push(unusedFiles(files.runtimes, available.runtimes, [...runtimes, ...siteRuntimes]))

  const extra = (spec.body.extraImages ?? []).map((image, index) =>
    resolveReference(image, 'extraImages', { pointer: `/spec/extraImages/${index}` }, sources),
  )
  const controller = releaseInfo.get(controllerKey)
  const kserve = kserveImages(spec, payload, sources)
  const otherImages = {
    ...(controller === undefined ? {} : { controller }),
    kserve: kserve.images,
    extra: [
      ...extra.flatMap(({ reference }) => (reference === undefined ? [] : [{ reference, why: 'extraImages' }])),
      ...extraManifests.images,
    ],
  }
  const { kserveConfig, findings: configFindings } =
    spec.body.kserve?.config === undefined
      ? { findings: [] }
      : (await import('./kserveConfig/planKserveConfig.ts')).planKserveConfig(spec, payload, sources)
  found.push(...extra.map(({ findings }) => findings), kserve.findings, configFindings, unusedOverrides(sources))
  const images = workloadImages(
    runtimes,
    models.map(({ model }) => model),
    otherImages,
    locked,
    siteImages(
      sites.map(({ site }) => site),
      models.map(({ model }) => model),
      siteRuntimes,
      modelImage,
    ),
  )
  if (lock !== undefined)
    found.push(
      (await import('./images/checkLock.ts')).checkLock(
        lock,
        images,
        new Set(
          [...models.map(({ model }) => model), ...sites.flatMap(({ site }) => site.models)].map(
            (model) => modelImage(model).reference,
          ),
        ),
      ),
    )

  return {
    plan: {
      name: spec.name,
      namespace: spec.namespace,
      baseDomain: spec.baseDomain,
      specSha256: spec.sha256,
      given: givenFields(spec.body, '/spec'),
      payload: {
        base,
        releaseInfoSha256: payload.releaseInfo.sha256,
        ...(payload.microshift === undefined ? {} : { release: payload.microshift }),
      },
      runtimes,
      siteRuntimes,
      models: models.map(({ model }) => model),
      endpoints: endpoints.endpoints,
      secrets: spec.body.secrets ?? [],
      ...(extraManifests.manifests === undefined ? {} : { extraManifests: extraManifests.manifests }),
      ...(kserveConfig === undefined ? {} : { kserveConfig }),
      sites: sites.map(({ site }) => site),
      otherImages,
      ...(locked === undefined ? {} : { locked }),
      mirrors: mirrors.mirrors,
      bootc,
      images,
    },
    findings: acceptIgnored(spec, found.flat()),
  }
}

/** Whether anything in the spec is a JSON patch. */
const hasPatch = ({ body, models, sites }: Spec): boolean =>
  body.runtimePatches !== undefined ||
  models.some(({ value }) => value.patch !== undefined) ||
  sites.some(({ value }) => Object.values(value.models ?? {}).some((model) => model?.patch !== undefined))
