import { type Finding, finding } from '../../findings/finding.ts'
import type { EnvVar, ServingRuntime } from '../../kubernetes/types.ts'
import type { Server } from '../../servers/recognise.ts'
import { kserve } from '../../workloads/kserve/kserve.ts'
import type { ModelFacts, WorkloadParts } from '../../workloads/workload.ts'
import type { PlannedModel } from '../plan.ts'
import { planProbes } from '../probes/planProbes.ts'
import { checkTexts } from '../texts.ts'
import { planAccelerator } from './accelerators.ts'
import { checkModel } from './checkModel.ts'
import { chooseRuntime } from './chooseRuntime.ts'
import type { ModelContext } from './context.ts'
import { decisionsOf } from './decisions.ts'
import type { Derived } from './derive.ts'
import { imagesOfModel } from './images.ts'
import type { PlacedModel } from './placedModel.ts'
import { replicasOf } from './replicas.ts'
import { resourcesOf } from './resources.ts'
import { planRoute } from './route.ts'
import { servedNameOf } from './servedName.ts'
import { settle } from './settle.ts'
import { planSource } from './source.ts'
import { specVolumes } from './volumes.ts'

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
