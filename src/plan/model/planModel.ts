import { type Finding, finding } from '../../findings/finding.ts'
import type { EnvVar, InferenceService, ServingRuntime } from '../../kubernetes/types.ts'
import { kserve } from '../../workloads/kserve/kserve.ts'
import { describeServer, type Server } from '../../servers/recognise.ts'
import type { ModelFacts, WorkloadParts } from '../../workloads/workload.ts'
import type { ControllerImages } from '../images/ofObject.ts'
import type { ImageSources } from '../images/sources.ts'
import type { ApplyJsonPatch } from '../jsonPatch.ts'
import type { PlannedModel } from '../plan.ts'
import { planProbes } from '../probes/planProbes.ts'
import type { AvailableRuntime } from '../runtimes.ts'
import { checkTexts } from '../texts.ts'
import { planAccelerator } from './accelerators.ts'
import { chooseRuntime } from './chooseRuntime.ts'
import { checkModel } from './checkModel.ts'
import { decisionsOf } from './decisions.ts'
import { derive, type Derived, underived } from './derive.ts'
import { type History, historyOf } from './history.ts'
import { imagesOfModel } from './images.ts'
import type { PlacedModel } from './placedModel.ts'
import { replicasOf } from './replicas.ts'
import { resourcesOf } from './resources.ts'
import { planRoute, type RouteContext } from './route.ts'
import { servedNameOf } from './servedName.ts'
import { planSource } from './source.ts'
import { specVolumes } from './volumes.ts'
import { isDeepStrictEqual } from 'node:util'

/** What a model is planned within. */
export interface ModelContext extends RouteContext {
  /** The payload's release base. */
  readonly base: string
  /** Absent when the payload cannot be read: the rest is checked all the same. */
  readonly runtimes?: readonly AvailableRuntime[]
  readonly sources: ImageSources
  readonly controllers: ControllerImages
  /** Files that the spec names for the bodies of probes, by the path that it gives. */
  readonly bodies: ReadonlyMap<string, Uint8Array>
  /** Absent when the spec has no patch. */
  readonly applyJsonPatch?: ApplyJsonPatch
}

export interface ModelResult {
  /** Absent when the runtime or the source is not known. */
  readonly model?: PlannedModel
  /** Name of the ServingRuntime, where it is known. */
  readonly runtime?: string
  readonly server?: Server
  /** Placeholders and references that spec.images could have replaced. */
  readonly asked: readonly string[]
  readonly findings: readonly Finding[]
}

/** The rounds after which what follows from the object and what the object says agree; a patch that never does has its last word. */
const mostRounds = 3

/**
 * Decides everything about one model: plain values from the spec, what follows from them, the object, the user's patch on it;
 * and then reads from the final object what everything else needs.
 *
 * @param placed - the model with the places of its parts
 */
export const planModel = (placed: PlacedModel, context: ModelContext): ModelResult => {
  const { value: model, pointer } = placed
  const accelerator = planAccelerator(model.accelerator)
  const format = typeof model.format === 'string' ? { name: model.format } : model.format
  const source = planSource(
    model.source,
    model.name,
    placed.originOf('source') ?? { from: 'spec', pointer: `${pointer}/source` },
    context.sources,
  )
  const chosen =
    context.runtimes === undefined ? { findings: [] } : chooseRuntime(placed, format, accelerator, context.runtimes)
  const runtime = chosen.runtime?.object
  const volumes = specVolumes(model, pointer)
  const protocolVersion = runtime === undefined ? undefined : protocolOf(runtime)
  const parts = (derived: Derived): WorkloadParts => ({
    name: model.name,
    labels: model.labels ?? {},
    annotations: model.annotations ?? {},
    ...(typeof model.displayName === 'string' ? { displayName: model.displayName } : {}),
    metrics: model.metrics !== false,
    format,
    runtime: runtime?.metadata.name ?? '',
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    source: source.reference ?? '',
    args: [...(model.args ?? []), ...(derived.nameArgument === undefined ? [] : [derived.nameArgument])],
    env: [...(model.env ?? []), ...(derived.keyVariable === undefined ? [] : [derived.keyVariable])],
    resources: resourcesOf(model, accelerator),
    volumes: [...volumes.volumes, ...(derived.shm === undefined ? [] : [derived.shm])],
    ...(derived.readiness.value === undefined ? {} : { readinessProbe: derived.readiness.value }),
    ...(typeof model.serviceAccountName === 'string' ? { serviceAccountName: model.serviceAccountName } : {}),
    replicas: replicasOf(model),
    autoscalerClass: derived.autoscalerClass.value,
    strategy: derived.strategy.value,
    imagePullSecrets: model.imagePullSecrets ?? [],
    ...(accelerator === undefined ? {} : { accelerator }),
  })
  const made = settle(placed, parts, runtime, context)
  const { object, facts, server, history } = made
  const shared = [source, chosen, volumes, made].flatMap((part) => part.findings)
  shared.push(
    ...checkTexts({ ...model, probes: undefined }, pointer),
    ...checkModel({ placed, made, accelerator, runtime }),
  )
  const predictor = kserve.service(model.name)
  const apiKeySecret = apiKeyOf(facts, server)
  const subject = {
    name: predictor,
    backends: [{ service: predictor, weight: 100 }],
    apiKey: apiKeySecret !== undefined,
    pointer,
    originOf: placed.originOf,
  }
  if (runtime === undefined || server === undefined || chosen.decision === undefined || source.decision === undefined) {
    const routed = planRoute(
      model.expose,
      server === undefined
        ? subject
        : { ...subject, behind: { targetPort: facts.port.port, server, runtime: facts.runtime } },
      context,
    )
    return {
      findings: [...shared, ...routed.findings],
      asked: source.asked,
      ...(runtime === undefined ? {} : { runtime: runtime.metadata.name }),
    }
  }
  const routed = planRoute(
    model.expose,
    { ...subject, behind: { targetPort: facts.port.port, server, runtime: facts.runtime } },
    context,
  )
  if (routed.route !== undefined && facts.port.name !== undefined && !server.http)
    shared.push(finding('route-not-http', { port: facts.port.port, name: facts.port.name }, `${pointer}/name`))
  const servedName = servedNameOf(placed, server, history)
  const planned = planProbes(model.probes, {
    name: model.name,
    servedName: servedName.value,
    server,
    pointer,
    files: context.bodies,
  })
  const images = imagesOfModel(model.name, object, source, history, context)
  return {
    findings: [...shared, ...routed.findings, ...planned.findings, ...images.findings],
    asked: source.asked,
    runtime: facts.runtime,
    server,
    model: {
      name: model.name,
      decisions: decisionsOf({
        placed,
        made,
        runtime: chosen.decision,
        source: source.decision,
        file: chosen.runtime,
        servedName,
        probes: planned.probes.probes,
      }),
      object,
      facts: { runtime: facts.runtime, source: facts.source, port: facts.port, replicas: facts.replicas },
      images: images.images,
      predictor,
      servedName: servedName.value,
      ...(apiKeySecret === undefined ? {} : { apiKeySecret }),
      probes: planned.probes,
      ...(routed.route === undefined ? {} : { route: routed.route }),
    },
  }
}

/** A model's object, final, with what was read of it and how it came to be. */
export interface Made {
  readonly object: InferenceService
  /** As edge made it, before the patch. */
  readonly built: InferenceService
  readonly facts: ModelFacts
  readonly server?: Server
  readonly derived: Derived
  readonly history: History<InferenceService>
  readonly findings: readonly Finding[]
}

const noRuntime: ServingRuntime = {
  apiVersion: 'serving.kserve.io/v1alpha1',
  kind: 'ServingRuntime',
  metadata: { name: '' },
  spec: { containers: [] },
}

/**
 * Builds the object, lets the patch change it, and decides anew what follows from the object until the two agree: a patch that
 * adds an accelerator or TLS changes the strategy and the readiness probe, too.
 */
const settle = (
  placed: PlacedModel,
  parts: (derived: Derived) => WorkloadParts,
  runtime: ServingRuntime | undefined,
  { applyJsonPatch, base }: ModelContext,
): Made => {
  const { patch = [], name } = placed.value
  const pointer = placed.originOf('patch')?.pointer ?? `${placed.pointer}/patch`
  const read = (object: InferenceService) => {
    const facts = kserve.read(object, runtime ?? noRuntime)
    return { facts, ...(runtime === undefined ? {} : { server: describeServer(facts.pod, []) }) }
  }
  const deriveFrom = ({ facts, server }: ReturnType<typeof read>) => derive(placed, facts, server, runtime, base)
  const make = (derived: Derived): Made => {
    const built = kserve.build(parts(derived))
    const patched =
      patch.length === 0 || applyJsonPatch === undefined
        ? { object: built, versions: [built], findings: [] }
        : applyJsonPatch(built, patch, `InferenceService ${name}`, pointer, (before, after) => {
            const problem = kserve.check(before, after)
            return (
              problem ??
              (derived.keyVariable === undefined || keeps(after as InferenceService, derived.keyVariable)
                ? undefined
                : { is: 'key-taken' })
            )
          })
    return { ...patched, built, derived, ...read(patched.object), history: historyOf(patched.versions, pointer) }
  }
  let made = make(deriveFrom(read(kserve.build(parts(underived)))))
  // Without a patch the object says what was decided.
  for (let round = 1; round < mostRounds && patch.length > 0; round++) {
    const derived = deriveFrom(made)
    if (isDeepStrictEqual(derived, made.derived)) break
    made = make(derived)
  }
  return made
}

const keeps = ({ spec }: InferenceService, key: EnvVar): boolean =>
  spec.predictor.model.env?.some((variable) => isDeepStrictEqual(variable, key)) === true

/**
 * KServe takes an unset protocolVersion for v1: a runtime that lists its protocols without v1 needs one named, REST
 * (`v2`) before gRPC. Source: facts/kserve.md, how a runtime is chosen.
 */
const protocolOf = ({ spec }: ServingRuntime): string | undefined => {
  const protocols = spec.protocolVersions ?? []
  if (protocols.length === 0 || protocols.includes('v1')) return undefined
  return protocols.includes('v2') ? 'v2' : protocols[0]
}

/** The Secret that the final container takes its server's API key from. */
const apiKeyOf = (
  { container }: ModelFacts,
  server: Server | undefined,
): { readonly name: string; readonly key: string } | undefined => {
  const variable = container.env?.findLast(({ name }) => name === server?.kind.apiKey?.variable) as EnvVar | undefined
  const reference = variable?.valueFrom?.['secretKeyRef'] as
    { readonly name?: unknown; readonly key?: unknown } | undefined
  return typeof reference?.name === 'string' && typeof reference.key === 'string'
    ? { name: reference.name, key: reference.key }
    : undefined
}
