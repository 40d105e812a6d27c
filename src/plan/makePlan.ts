import { type Finding, finding } from '../findings/finding.ts'
import { words } from '../findings/words.ts'
import type { Payload } from '../payload/payload.ts'
import type { Spec } from '../spec/spec.ts'
import { pointerStep } from '../yaml/locate.ts'
import { imageTable, type ImageSources, resolveReference } from './images.ts'
import { planModel } from './model.ts'
import type { Plan, PlannedModel } from './plan.ts'
import { isAtLeast } from './replicas.ts'
import { type AvailableRuntime, availableRuntimes, rewriteRuntime, type RewrittenRuntime, type RuntimeFile } from './runtimes.ts'

/** Key of KServe's controller in the release-info: the one image of KServe's that runs. facts/kserve.md, which images. */
const controllerKey = 'kserve-controller'

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
 * @param files - the user's own ServingRuntime files, read
 */
export const makePlan = (spec: Spec, payload: Payload | undefined, files: readonly RuntimeFile[]): Planned => {
  const { base, images: releaseInfo } = payload?.releaseInfo ?? { base: '', images: new Map<string, string>() }
  const sources: ImageSources = { overrides: new Map(Object.entries(spec.body.images ?? {})), releaseInfo, asked: new Set() }
  const available = availableRuntimes(payload?.runtimes ?? [], files)
  const found: (readonly Finding[])[] = [checkNamespace(spec), available.findings]

  const context = { namespace: spec.namespace, baseDomain: spec.baseDomain, base, ...(payload === undefined ? {} : { runtimes: available.runtimes.map(({ object }) => object) }), sources }
  const planned = spec.models.map((placed) => ({ placed, ...planModel(placed, context) }))
  for (const { findings } of planned) found.push(findings)
  const models = planned.flatMap(({ model, placed }) => (model === undefined ? [] : [{ model, pointer: placed.pointer }]))
  found.push(checkTwice(spec, models))
  if (payload === undefined) return { findings: acceptIgnored(spec, found.flat()) }
  if (models.length > 0 && !isAtLeast(base, 2, 20)) found.push([finding('modelcar-link-lost', { base }, '/spec/payload')])

  const used = available.runtimes.filter(({ object }) => planned.some(({ runtime }) => runtime === object.metadata.name))
  const runtimes = used.map((runtime) => ({ runtime, rewritten: rewriteRuntime(runtime, sources) })).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
  for (const { rewritten } of runtimes) found.push(rewritten.findings)
  found.push(unusedFiles(files, available.runtimes, used))

  const extra = (spec.body.extraImages ?? []).map((image, index) => resolveReference(image, 'extraImages', { pointer: `/spec/extraImages/${index}` }, sources))
  for (const { findings } of extra) found.push(findings)
  const controller = releaseInfo.get(controllerKey)
  const images = imageTable([
    ...(controller === undefined ? [] : [{ reference: controller, why: 'KServe controller' }]),
    ...runtimes.flatMap(({ rewritten }) => runtimeImages(rewritten)),
    ...models.map(({ model }) => ({ reference: model.storageUri.slice('oci://'.length), why: `model ${model.name}` })),
    ...extra.flatMap(({ reference }) => (reference === undefined ? [] : [{ reference, why: 'extraImages' }])),
  ])
  found.push(unusedOverrides(sources))

  return {
    plan: {
      name: spec.name,
      namespace: spec.namespace,
      baseDomain: spec.baseDomain,
      specSha256: spec.sha256,
      payload: { base, releaseInfoSha256: payload.releaseInfo.sha256, ...(payload.release === undefined ? {} : { release: payload.release }) },
      runtimes: runtimes.map(({ runtime, rewritten }) => ({ name: runtime.object.metadata.name, from: runtime.file, object: rewritten.object })),
      models: models.map(({ model }) => model),
      images,
    },
    findings: acceptIgnored(spec, found.flat()),
  }
}

const nameOf = ({ runtime }: { readonly runtime: AvailableRuntime }): string => runtime.object.metadata.name

const runtimeImages = ({ object, images }: RewrittenRuntime) =>
  images.flatMap(({ container, reference }) => (reference === undefined ? [] : [{ reference, why: `runtime ${object.metadata.name} (${container})` }]))

/** Namespaces where a bundle's objects would meet others'. */
const checkNamespace = ({ namespace, body }: Spec): Finding[] => {
  const why =
    namespace === 'redhat-ods-applications'
      ? "the payload's own ServingRuntimes live there, and each start of MicroShift would overwrite one copy with the other"
      : /^(?:kube|openshift)-/.test(namespace)
        ? 'it belongs to the cluster'
        : undefined
  return why === undefined ? [] : [finding('reserved-namespace', { namespace, why }, body.namespace === undefined ? '/metadata/name' : '/spec/namespace')]
}

/** Names and hosts that two models share. */
const checkTwice = (spec: Spec, models: readonly { readonly model: PlannedModel; readonly pointer: string }[]): Finding[] => {
  const names = new Map<string, string>()
  const hosts = new Map<string, string>()
  return [
    ...spec.models.flatMap(({ value: { name }, pointer }) => {
      const first = names.get(name)
      names.set(name, first ?? pointer)
      return first === undefined ? [] : [finding('duplicate-model', { name, first: first.replace(/^\/spec\/models\/(\d+)$/, 'spec.models[$1]') }, `${pointer}/name`)]
    }),
    ...models.flatMap(({ model: { name, route }, pointer }) => {
      if (route === undefined) return []
      const first = hosts.get(route.host)
      hosts.set(route.host, first ?? name)
      return first === undefined || first === name ? [] : [finding('duplicate-host', { host: route.host, first }, `${pointer}/expose/host`)]
    }),
  ]
}

const unusedFiles = (files: readonly RuntimeFile[], available: readonly AvailableRuntime[], used: readonly AvailableRuntime[]): Finding[] =>
  files.flatMap(({ path }, index) => {
    const holdsSome = available.some(({ own, file }) => own && file === path)
    const isUsed = used.some(({ own, file }) => own && file === path)
    return holdsSome && !isUsed ? [finding('runtime-file-unused', { path }, `/spec/runtimes/${index}`)] : []
  })

const unusedOverrides = ({ overrides, asked }: ImageSources): Finding[] =>
  [...overrides.keys()].filter((key) => !asked.has(key)).map((key) => finding('image-override-unused', { key, known: [...asked] }, { pointer: `/spec/images${pointerStep(key)}`, on: 'key' }))

/** Leaves out the warnings that the spec knows and accepts; an error cannot be ignored. */
const acceptIgnored = (spec: Spec, findings: readonly Finding[]): Finding[] => {
  const ignore = spec.body.validate?.ignore ?? []
  const warnings = Object.entries(words).filter(([, { severity }]) => severity === 'warning').map(([code]) => code)
  const unknown = ignore.flatMap(({ id }, index) => (warnings.includes(id) ? [] : [finding('ignore-unknown', { id, known: warnings }, `/spec/validate/ignore/${index}/id`)]))
  const ignored = new Set<string>(ignore.map(({ id }) => id))
  return [...findings.filter(({ code, severity }) => severity === 'error' || !ignored.has(code)), ...unknown]
}
