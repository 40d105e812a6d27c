import { type Finding, finding } from '../findings/finding.ts'
import { imagePlaces, withImages } from '../kubernetes/imagePlaces.ts'
import type { PatchProblem } from '../kubernetes/patchProblem.ts'
import type { ServingRuntime } from '../kubernetes/types.ts'
import { lockName } from '../oci/lock.ts'
import { parseReference } from '../oci/reference.ts'
import type { PayloadRuntime } from '../payload/payload.ts'
import { runtimesOf } from '../payload/runtimesOf.ts'
import { asServingRuntime } from '../payload/servingRuntime.ts'
import type { SpecBody } from '../spec/schema.ts'
import { pointerStep } from '../yaml/locate.ts'
import { parseYaml } from '../yaml/parse.ts'
import { type Decision, decided, type Origin } from './decision.ts'
import { type ImageSources, type ResolvedImage, resolvePlaceholder } from './images/sources.ts'
import { type History, historyOf } from './model/history.ts'
import type { Reason } from './reasons.ts'
import type { ApplyJsonPatch } from './jsonPatch.ts'
import { checkTexts } from './texts.ts'

/** A file of the user's own, read. */
export interface RuntimeFile {
  /** As the spec names it. */
  readonly path: string
  readonly text: string
}

/** A ServingRuntime that models can use, by the payload or by the user. */
export interface AvailableRuntime extends PayloadRuntime {
  readonly own: boolean
  /** What a patch of the spec's made of it. */
  readonly history?: History<ServingRuntime>
}

/**
 * All ServingRuntimes there are: the user's, then the payload's. One of the user's takes the place of the payload's of
 * the same name.
 */
export const availableRuntimes = (
  payload: readonly PayloadRuntime[],
  files: readonly RuntimeFile[],
): { runtimes: AvailableRuntime[]; findings: Finding[] } => {
  const findings: Finding[] = []
  const byName = new Map<string, AvailableRuntime>()
  for (const { path, text } of files) {
    const yaml = parseYaml(text)
    if (!yaml.ok) {
      findings.push(
        finding(
          'yaml-syntax',
          { reason: yaml.problem.reason },
          { file: path, pointer: '', offset: yaml.problem.offset },
        ),
      )
      continue
    }
    const found = runtimesOf(yaml.documents, path)
    findings.push(...found.findings)
    if (found.runtimes.length === 0 && found.findings.length === 0)
      findings.push(finding('runtime-file-empty', { path }, { file: path, pointer: '' }))
    for (const runtime of found.runtimes) {
      const { name } = runtime.object.metadata
      const first = byName.get(name)
      const at = { file: runtime.file, document: runtime.document, pointer: `${runtime.pointer}/metadata/name` }
      if (first === undefined) byName.set(name, { ...runtime, own: true })
      else findings.push(finding('runtime-twice', { name, first: first.file }, at))
    }
  }
  for (const runtime of payload) {
    const { name } = runtime.object.metadata
    const own = byName.get(name)
    if (own === undefined) byName.set(name, { ...runtime, own: false })
    else
      findings.push(
        finding(
          'runtime-replaces-payload',
          { name, from: runtime.file },
          { file: own.file, document: own.document, pointer: `${own.pointer}/metadata/name` },
        ),
      )
  }
  return { runtimes: [...byName.values()], findings }
}

/**
 * Applies the user's JSON patches to ServingRuntimes, before anything is read from them: a patch may change a port or a
 * format.
 *
 * @param runtimes - all there are
 * @param patches - spec.runtimePatches
 * @param applyJsonPatch - absent when the spec has no patch
 */
export const patchRuntimes = (
  runtimes: readonly AvailableRuntime[],
  patches: SpecBody['runtimePatches'],
  applyJsonPatch: ApplyJsonPatch | undefined,
): { runtimes: AvailableRuntime[]; findings: Finding[] } => {
  const findings: Finding[] = Object.keys(patches ?? {})
    .filter((name) => !runtimes.some(({ object }) => object.metadata.name === name))
    .map((runtime) =>
      finding(
        'runtime-unknown',
        { runtime, known: runtimes.map(({ object }) => object.metadata.name) },
        { pointer: `/spec/runtimePatches${pointerStep(runtime)}`, on: 'key' },
      ),
    )
  const patched = runtimes.map((runtime) => {
    const { name } = runtime.object.metadata
    const patch = Object.hasOwn(patches ?? {}, name) ? patches?.[name] : undefined
    if (patch === undefined || applyJsonPatch === undefined) return runtime
    const pointer = `/spec/runtimePatches${pointerStep(name)}`
    const result = applyJsonPatch(runtime.object, patch, `ServingRuntime ${name}`, pointer, checkPatched)
    findings.push(...result.findings)
    return { ...runtime, object: result.object, history: historyOf(result.versions, pointer) }
  })
  return { runtimes: patched, findings }
}

const checkPatched = (before: ServingRuntime, after: unknown): PatchProblem | undefined => {
  const { apiVersion, kind, metadata } = after as Partial<ServingRuntime>
  if (apiVersion !== before.apiVersion || kind !== before.kind || metadata?.name !== before.metadata.name)
    return { is: 'identity' }
  const read = asServingRuntime(after as Record<string, unknown>)
  return 'why' in read ? { is: 'malformed', why: read.why } : undefined
}

export interface RewrittenRuntime {
  readonly object: ServingRuntime
  /** Its images, in the order in which they stand; without a reference those that have none. */
  readonly images: readonly {
    readonly container: string
    readonly asked: string
    readonly image?: Decision<string>
  }[]
  /** Placeholders and references that spec.images could have replaced. */
  readonly asked: readonly string[]
  readonly findings: readonly Finding[]
}

/**
 * Copies a ServingRuntime for the workload's namespace: each image of it, of containers and of volumes, becomes a reference, and
 * what belongs to the object that was copied (namespace, status, what the API server added) goes. All else stays as it is, byte
 * for byte in each text: KServe expands `{{.Name}}` later.
 *
 * @param runtime - the runtime with its place
 * @param sources - spec.images, the release-info and the lock
 */
export const rewriteRuntime = (runtime: AvailableRuntime, sources: ImageSources): RewrittenRuntime => {
  const { object, history } = runtime
  const { name, labels, annotations } = object.metadata
  const file: Origin = { from: runtime.own ? 'file' : 'payload', file: runtime.file }
  const resolved = imagePlaces(object).map((place) => {
    const read = (one: ServingRuntime) => imagePlaces(one).some(({ reference }) => reference === place.reference)
    const said = history?.originOf(read, file) ?? file
    const at =
      'pointer' in said
        ? { pointer: said.pointer }
        : {
            file: runtime.file,
            document: runtime.document,
            pointer: runtime.pointer + place.steps.map(pointerStep).join(''),
          }
    const by = `runtime ${name}, ${place.kind === 'volume' ? 'volume' : 'container'} ${place.name},`
    // A field that only looks like one: what it says stays.
    const isOther = place.kind === 'field' && !isKnown(place.reference, sources)
    const found: ResolvedImage = isOther
      ? { asked: [], findings: [] }
      : resolvePlaceholder(place.reference, by, at, sources, 'ours')
    const always =
      place.pullPolicy === 'Always'
        ? [finding('image-pull-always', { image: place.reference, by: by.slice(0, -1) }, at)]
        : []
    return { place, said, ...found, findings: [...found.findings, ...always] }
  })
  const bySteps = new Map(resolved.map(({ place, reference }) => [place.steps.join('/'), reference]))
  const rewritten = withImages(object, ({ steps }) => bySteps.get(steps.join('/')))
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  )
  const hasServer = object.spec.containers.some((container) => container.name === 'kserve-container')
  return {
    object: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: {
        name,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations: Object.fromEntries(kept) }),
      },
      spec: rewritten.spec,
    },
    images: resolved
      .filter(({ asked }) => asked.length > 0)
      .map(({ place, reference, locked, origin, said }) => ({
        container: place.name,
        asked: place.reference,
        ...(reference === undefined
          ? {}
          : { image: decided(reference, origin ?? said, whyThatImage(place.reference, reference, locked)) }),
      })),
    asked: resolved.flatMap(({ asked }) => asked),
    findings: [
      ...checkTexts(object, runtime.pointer, runtime),
      ...resolved.flatMap(({ findings }) => findings),
      ...(hasServer
        ? []
        : [
            finding(
              'runtime-no-kserve-container',
              { runtime: name },
              { file: runtime.file, document: runtime.document, pointer: `${runtime.pointer}/spec/containers` },
            ),
          ]),
    ],
  }
}

const isKnown = (text: string, { overrides, releaseInfo }: ImageSources): boolean =>
  overrides.has(text) || releaseInfo.has(text) || parseReference(text).ok

const whyThatImage = (asked: string, reference: string, locked: string | undefined): Reason =>
  asked === reference
    ? { code: 'image-itself' }
    : {
        code: 'image-asked',
        args: { asked, ...(locked === undefined ? {} : { locked: { reference: locked, lock: lockName } }) },
      }
