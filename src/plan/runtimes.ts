import { type Finding, finding } from '../findings/finding.ts'
import type { RuntimeContainer, ServingRuntime } from '../kubernetes/types.ts'
import type { PayloadRuntime } from '../payload/payload.ts'
import { runtimesOf } from '../payload/runtimesOf.ts'
import { asServingRuntime } from '../payload/servingRuntime.ts'
import type { SpecBody } from '../spec/schema.ts'
import { pointerStep } from '../yaml/locate.ts'
import { parseYaml } from '../yaml/parse.ts'
import { checkTexts } from './texts.ts'
import { type ImageSources, resolvePlaceholder } from './images/images.ts'
import type { ApplyJsonPatch } from './jsonPatch.ts'

/** A file of the user's own, read. */
export interface RuntimeFile {
  /** As the spec names it. */
  readonly path: string
  readonly text: string
}

/** A ServingRuntime that models can use, by the payload or by the user. */
export interface AvailableRuntime extends PayloadRuntime {
  readonly own: boolean
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
    const result = applyJsonPatch(runtime.object, patch, `ServingRuntime ${name}`, pointer)
    const object = asServingRuntime(result.object as unknown as Record<string, unknown>)
    findings.push(...result.findings)
    if (typeof object !== 'string') return { ...runtime, object }
    findings.push(finding('patch-fails', { name: `ServingRuntime ${name}`, reason: object }, pointer))
    return runtime
  })
  return { runtimes: patched, findings }
}

export interface RewrittenRuntime {
  readonly object: ServingRuntime
  readonly images: readonly {
    readonly container: string
    readonly asked: string
    readonly reference?: string
    readonly locked?: string
  }[]
  readonly findings: readonly Finding[]
}

/**
 * Copies a ServingRuntime for the workload's namespace: each container's image becomes a reference, and what belongs to
 * the object that was copied (namespace, status, what the API server added) goes. All else stays as it is, byte for byte
 * in each text: KServe expands `{{.Name}}` later.
 *
 * @param runtime - the runtime with its place
 * @param sources - spec.images, the release-info and the lock
 */
export const rewriteRuntime = (runtime: AvailableRuntime, sources: ImageSources): RewrittenRuntime => {
  const { object } = runtime
  const findings = checkTexts(object, runtime.pointer, runtime)
  const images: RewrittenRuntime['images'][number][] = []
  const rewrite =
    (pointer: string) =>
    (container: RuntimeContainer, index: number): RuntimeContainer => {
      const at = {
        file: runtime.file,
        document: runtime.document,
        pointer: `${runtime.pointer}${pointer}/${index}/image`,
      }
      const { findings: found, ...resolved } = resolvePlaceholder(
        container.image,
        `runtime ${object.metadata.name}, container ${container.name},`,
        at,
        sources,
        'ours',
      )
      findings.push(...found)
      images.push({ container: container.name, asked: container.image, ...resolved })
      return { ...container, image: resolved.reference ?? container.image }
    }
  if (!object.spec.containers.some(({ name }) => name === 'kserve-container')) {
    findings.push(
      finding(
        'runtime-no-kserve-container',
        { runtime: object.metadata.name },
        { file: runtime.file, document: runtime.document, pointer: `${runtime.pointer}/spec/containers` },
      ),
    )
  }

  const { name, labels, annotations } = object.metadata
  const kept = Object.entries(annotations ?? {}).filter(
    ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
  )
  const { workerSpec } = object.spec
  return {
    object: {
      apiVersion: object.apiVersion,
      kind: object.kind,
      metadata: {
        name,
        ...(labels === undefined ? {} : { labels }),
        ...(annotations === undefined ? {} : { annotations: Object.fromEntries(kept) }),
      },
      spec: {
        ...object.spec,
        containers: object.spec.containers.map(rewrite('/spec/containers')),
        ...(workerSpec?.containers === undefined
          ? {}
          : {
              workerSpec: {
                ...workerSpec,
                containers: workerSpec.containers.map(rewrite('/spec/workerSpec/containers')),
              },
            }),
      },
    },
    images,
    findings,
  }
}
