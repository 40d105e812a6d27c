import { type Finding, finding } from '../findings/finding.ts'
import type { ServingRuntime } from '../kubernetes/types.ts'
import { formatLabel, formatsOf, recommendedAccelerators, servedPort } from '../payload/servingRuntime.ts'
import type { ModelSpec } from '../spec/schema.ts'
import type { Placed } from '../spec/spec.ts'
import { planAccelerator } from './accelerators.ts'
import type { ImageSources } from './images.ts'
import { planMetadata } from './metadata.ts'
import type { PlannedAccelerator, PlannedModel } from './plan.ts'
import { planReplicas } from './replicas.ts'
import { planResources } from './resources.ts'
import { planRoute } from './route.ts'
import { selectRuntime, whyUnfit } from './selectRuntime.ts'
import { planSource } from './source.ts'
import { checkTexts } from './texts.ts'

/** What a model is planned within. */
export interface ModelContext {
  readonly namespace: string
  readonly baseDomain: string
  /** The payload's release base. */
  readonly base: string
  /** Absent when the payload cannot be read: the rest is checked all the same. */
  readonly runtimes?: readonly ServingRuntime[]
  readonly sources: ImageSources
}

/**
 * Decides everything about one model.
 *
 * @param placed - the model with its place in the spec
 * @returns the plan when source and runtime are known, the runtime's name when that is, and what was found either way
 */
export const planModel = ({ value: model, pointer }: Placed<ModelSpec>, context: ModelContext): { model?: PlannedModel; runtime?: string; findings: Finding[] } => {
  const accelerator = planAccelerator(model.accelerator)
  const format = typeof model.format === 'string' ? { name: model.format } : model.format
  const source = planSource(model.source, model.name, `${pointer}/source`, context.sources)
  const chosen = context.runtimes === undefined ? { findings: [] } : chooseRuntime(model, format, accelerator, context.runtimes, pointer)
  const replicas = planReplicas(model.replicas, context.base, `${pointer}/replicas`)
  const metadata = planMetadata(model, replicas.autoscalerClass, pointer)
  const resources = planResources(model.resources, accelerator, `${pointer}/resources`)
  const predictor = `${model.name}-predictor`
  const routed = planRoute(model.expose, predictor, context, pointer)
  const findings = [source, chosen, replicas, metadata, resources, routed].flatMap((part) => part.findings)
  findings.push(...checkTexts(model, pointer), ...checkTemplates(model, pointer), ...checkEnv(model, pointer))

  const { runtime } = chosen
  if (runtime === undefined) return { findings }
  const port = servedPort(runtime)
  if (routed.route !== undefined && port.name !== undefined && isGrpcPort(port.name)) findings.push(finding('route-not-http', { port: port.port, name: port.name }, `${pointer}/name`))
  if (source.reference === undefined) return { runtime: runtime.metadata.name, findings }
  const protocolVersion = planProtocol(runtime)
  return {
    findings,
    runtime: runtime.metadata.name,
    model: {
      name: model.name,
      labels: metadata.labels,
      annotations: metadata.annotations,
      format,
      runtime: runtime.metadata.name,
      ...(protocolVersion === undefined ? {} : { protocolVersion }),
      storageUri: `oci://${source.reference}`,
      args: model.args ?? [],
      env: model.env ?? [],
      resources: resources.resources,
      replicas: { min: replicas.min, max: replicas.max },
      // With one device and a rolling update, the new pod waits for ever for the one that the old pod holds.
      strategy: model.strategy ?? (accelerator === undefined ? 'RollingUpdate' : 'Recreate'),
      imagePullSecrets: model.imagePullSecrets ?? [],
      ...(accelerator === undefined ? {} : { accelerator }),
      predictor,
      port: port.port,
      ...readyPath(runtime, model.name, protocolVersion),
      ...(routed.route === undefined ? {} : { route: routed.route }),
    },
  }
}

const chooseRuntime = (
  model: ModelSpec,
  format: PlannedModel['format'],
  accelerator: PlannedAccelerator | undefined,
  runtimes: readonly ServingRuntime[],
  pointer: string,
): { runtime?: ServingRuntime; findings: Finding[] } => {
  if (typeof model.runtime === 'string') {
    const at = `${pointer}/runtime`
    const runtime = runtimes.find(({ metadata }) => metadata.name === model.runtime)
    if (runtime === undefined) return { findings: [finding('runtime-unknown', { runtime: model.runtime, known: runtimes.map(({ metadata }) => metadata.name) }, at)] }
    const why = whyUnfit(runtime, format)
    if (why !== undefined) return { findings: [finding('runtime-unfit', { runtime: model.runtime, why }, at)] }
    const recommended = recommendedAccelerators(runtime)
    const unused = accelerator !== undefined && !recommended.includes(accelerator.identifier)
    return { runtime, findings: unused ? [finding('accelerator-unused', { runtime: model.runtime, accelerator: accelerator.identifier, recommended }, `${pointer}/accelerator`)] : [] }
  }
  const selection = selectRuntime(runtimes, { format, ...(accelerator === undefined ? {} : { accelerator: accelerator.identifier }) })
  if (selection.kind === 'one') return { runtime: selection.runtime, findings: [] }
  const args = { format: formatLabel(format), accelerator: accelerator?.identifier ?? 'none', candidates: selection.candidates }
  return {
    findings: [
      selection.kind === 'several'
        ? finding('runtime-several-fit', { ...args, fitting: selection.fitting }, `${pointer}/format`)
        : finding('runtime-none-fits', { ...args, formats: [...new Set(runtimes.flatMap(formatsOf).map(({ name }) => name))] }, `${pointer}/format`),
    ],
  }
}

/** A name that says gRPC without TLS, as Knative and KServe use it. */
const isGrpcPort = (name: string): boolean => name === 'h2c' || name.startsWith('grpc')

/**
 * KServe takes an unset protocolVersion for v1: a runtime that lists its protocols without v1 needs one named, REST
 * (`v2`) before gRPC. Source: facts/kserve.md, how a runtime is chosen.
 */
const planProtocol = ({ spec }: ServingRuntime): string | undefined => {
  const protocols = spec.protocolVersions ?? []
  if (protocols.length === 0 || protocols.includes('v1')) return undefined
  return protocols.includes('v2') ? 'v2' : protocols[0]
}

/** Where a server says that the model is there. Source: facts/model-servers.md. */
const readyPath = ({ spec }: ServingRuntime, name: string, protocolVersion: string | undefined): { readyPath?: string } => {
  if (protocolVersion === 'v2') return { readyPath: `/v2/models/${name}/ready` }
  const isVllm = spec.containers.some(({ command = [], args = [] }) => [...command, ...args].some((word) => word.startsWith('vllm')))
  return isVllm ? { readyPath: '/v1/models' } : {}
}

/** What KServe's templates may say; anything else in `{{ }}` breaks the pod. Source: facts/kserve.md. */
const knownTemplate = /\{\{-?\s*\.(?:Name|Namespace|Labels\.[\w]+|Annotations\.[\w]+)\s*-?\}\}/g

const checkTemplates = (model: ModelSpec, pointer: string): Finding[] => {
  const values = [
    ...(model.args ?? []).map((value, index) => ({ value, field: 'args', at: `${pointer}/args/${index}` })),
    ...(model.env ?? []).map(({ value = '' }, index) => ({ value, field: 'env', at: `${pointer}/env/${index}/value` })),
  ]
  return values.filter(({ value }) => value.replaceAll(knownTemplate, '').includes('{{')).map(({ value, field, at }) => finding('template-in-value', { value, field }, at))
}

const checkEnv = ({ env = [] }: ModelSpec, pointer: string): Finding[] => {
  const seen = new Set<string>()
  return env.flatMap(({ name, value, valueFrom }, index) => {
    const at = `${pointer}/env/${index}`
    const findings: Finding[] = []
    if ((value === undefined) === (valueFrom === undefined)) findings.push(finding('env-two-values', { name }, at))
    if (seen.has(name)) findings.push(finding('duplicate-env', { name }, `${at}/name`))
    seen.add(name)
    return findings
  })
}
