import { type Finding, finding } from '../../findings/finding.ts'
import type { EnvVar, InferenceService, ServingRuntime } from '../../kubernetes/types.ts'
import { servedPort } from '../../payload/servingRuntime.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import type { Placed } from '../../spec/spec.ts'
import { planAccelerator } from './accelerators.ts'
import { checkAccelerator, checkArguments } from './arguments.ts'
import { chooseRuntime } from './chooseRuntime.ts'
import { checkEnv, checkTemplates } from './containerTexts.ts'
import type { ImageSources } from '../images/images.ts'
import { inferenceService } from '../inferenceService.ts'
import type { ApplyJsonPatch } from '../jsonPatch.ts'
import { planMetadata } from './metadata.ts'
import { givenFields } from '../given.ts'
import type { Given, PlannedModel } from '../plan.ts'
import { planReadiness } from './readiness.ts'
import { planProbes } from '../probes/planProbes.ts'
import { planReplicas } from './replicas.ts'
import { planResources } from './resources.ts'
import { planRoute, type RouteContext } from './route.ts'
import { titlesWith } from '../../servers/list.ts'
import { describeServer, type Server } from '../../servers/recognise.ts'
import { planSource } from './source.ts'
import { checkTexts } from '../texts.ts'
import { planVolumes } from './volumes.ts'

/** What a model is planned within. */
export interface ModelContext extends RouteContext {
  /** The payload's release base. */
  readonly base: string
  /** Absent when the payload cannot be read: the rest is checked all the same. */
  readonly runtimes?: readonly ServingRuntime[]
  readonly sources: ImageSources
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
  readonly findings: readonly Finding[]
}

/**
 * Decides everything about one model.
 *
 * @param placed - the model with its place in the spec, and the places of its fields when they are not all there
 */
export const planModel = (
  placed: Placed<ModelSpec> & { readonly given?: Given },
  context: ModelContext,
): ModelResult => {
  const { value: model, pointer } = placed
  const accelerator = planAccelerator(model.accelerator)
  const format = typeof model.format === 'string' ? { name: model.format } : model.format
  const source = planSource(model.source, model.name, `${pointer}/source`, context.sources)
  const chosen =
    context.runtimes === undefined
      ? { findings: [] }
      : chooseRuntime(model, format, accelerator, context.runtimes, pointer)
  const { runtime } = chosen
  const server = runtime === undefined ? undefined : describeServer(runtime, model.args ?? [])
  const behind =
    runtime === undefined || server === undefined
      ? undefined
      : { targetPort: servedPort(runtime).port, server, runtime: runtime.metadata.name }

  const predictor = `${model.name}-predictor`
  const replicas = planReplicas(model.replicas, context.base, `${pointer}/replicas`)
  const metadata = planMetadata(model, replicas.autoscalerClass, pointer)
  const resources = planResources(model.resources, accelerator, `${pointer}/resources`)
  const volumes = planVolumes(model, server, pointer)
  const routed = planRoute(
    model.expose,
    {
      name: predictor,
      backends: [{ service: predictor, weight: 100 }],
      apiKey: model.auth !== undefined,
      pointer,
      ...(behind === undefined ? {} : { behind }),
    },
    context,
  )
  const findings = [source, chosen, replicas, metadata, resources, volumes, routed].flatMap((part) => part.findings)
  findings.push(
    ...checkTexts({ ...model, probes: undefined }, pointer),
    ...checkTemplates(model, pointer),
    ...checkEnv(model, server?.kind.apiKey?.variable, pointer),
  )
  if (runtime === undefined || server === undefined || behind === undefined) return { findings }

  findings.push(
    ...checkServer(model, behind, pointer),
    ...checkArguments(model, server, pointer),
    ...checkAccelerator(model, runtime, server, accelerator, pointer),
  )
  const port = servedPort(runtime)
  if (routed.route !== undefined && port.name !== undefined && !server.http)
    findings.push(finding('route-not-http', { port: port.port, name: port.name }, `${pointer}/name`))
  if (source.reference === undefined) return { runtime: behind.runtime, findings }

  const protocolVersion = planProtocol(runtime)
  const readinessProbe = planReadiness(model, server)
  const storageUri = `oci://${source.reference}`
  const object = inferenceService({
    name: model.name,
    labels: metadata.labels,
    annotations: metadata.annotations,
    format,
    runtime: behind.runtime,
    ...(protocolVersion === undefined ? {} : { protocolVersion }),
    storageUri,
    args: [
      ...(model.args ?? []),
      ...(typeof model.servedName === 'string' && server.kind.nameArgument !== undefined
        ? [`${server.kind.nameArgument}=${model.servedName}`]
        : []),
    ],
    env: [...(model.env ?? []), ...apiKeyEnv(model, server)],
    resources: resources.resources,
    volumes: volumes.volumes,
    ...(readinessProbe === undefined ? {} : { readinessProbe }),
    ...(typeof model.serviceAccountName === 'string' ? { serviceAccountName: model.serviceAccountName } : {}),
    replicas: { min: replicas.min, max: replicas.max },
    // With one device and a rolling update, the new pod waits for ever for the one that the old pod holds.
    strategy: model.strategy ?? (accelerator === undefined ? 'RollingUpdate' : 'Recreate'),
    imagePullSecrets: model.imagePullSecrets ?? [],
    ...(accelerator === undefined ? {} : { accelerator }),
  })
  const name = servedName(model, server)
  const planned = planProbes(model.probes, {
    name: model.name,
    servedName: name,
    server,
    pointer,
    files: context.bodies,
  })
  const patched = context.applyJsonPatch?.(
    object,
    model.patch ?? [],
    `InferenceService ${model.name}`,
    `${pointer}/patch`,
    (before, after) => whyNotKept(before, after, server),
  ) ?? { object, findings: [] }
  return {
    findings: [...findings, ...planned.findings, ...patched.findings],
    runtime: behind.runtime,
    server,
    model: {
      name: model.name,
      given: placed.given ?? givenFields(model, pointer),
      format,
      runtime: behind.runtime,
      storageUri,
      ...(source.locked === undefined ? {} : { lockedSource: source.locked }),
      ...(source.archive === undefined ? {} : { archive: source.archive }),
      object: patched.object,
      predictor,
      port: behind.targetPort,
      servedName: name,
      ...(model.auth === undefined ? {} : { apiKeySecret: model.auth.apiKeySecret }),
      probes: planned.probes,
      ...(routed.route === undefined ? {} : { route: routed.route }),
    },
  }
}

/** Image, runtime and replicas are decided by fields of their own, and lists and probes follow them: a patch may not undo that. */
const whyNotKept = (before: InferenceService, after: InferenceService, { kind }: Server): string | undefined => {
  const model = (
    after as { spec?: { predictor?: { model?: { storageUri?: unknown; runtime?: unknown; env?: unknown } } } }
  ).spec?.predictor?.model
  if (model?.storageUri !== before.spec.predictor.model.storageUri) return 'it changes storageUri: set source'
  if (model.runtime !== before.spec.predictor.model.runtime) return 'it changes runtime: set runtime'
  const key = before.spec.predictor.model.env?.find(({ name }) => name === kind.apiKey?.variable)
  const kept =
    Array.isArray(model.env) && model.env.some((variable) => JSON.stringify(variable) === JSON.stringify(key))
  return key === undefined || kept ? undefined : 'it takes the API key away, and the model would be open to everyone'
}

/**
 * KServe takes an unset protocolVersion for v1: a runtime that lists its protocols without v1 needs one named, REST
 * (`v2`) before gRPC. Source: facts/kserve.md, how a runtime is chosen.
 */
const planProtocol = ({ spec }: ServingRuntime): string | undefined => {
  const protocols = spec.protocolVersions ?? []
  if (protocols.length === 0 || protocols.includes('v1')) return undefined
  return protocols.includes('v2') ? 'v2' : protocols[0]
}

/** What not every server knows. */
const checkServer = (
  model: ModelSpec,
  { server, runtime }: { readonly server: Server; readonly runtime: string },
  pointer: string,
): Finding[] => {
  const { apiKey, nameArgument } = server.kind
  return [
    ...(model.auth === undefined || apiKey !== undefined
      ? []
      : [
          finding('auth-not-vllm', { runtime, known: titlesWith('apiKey') }, { pointer: `${pointer}/auth`, on: 'key' }),
        ]),
    ...(typeof model.servedName === 'string' && nameArgument === undefined
      ? [
          finding(
            'served-name-not-vllm',
            { runtime, known: titlesWith('nameArgument') },
            { pointer: `${pointer}/servedName`, on: 'key' },
          ),
        ]
      : []),
  ]
}

/** A server reads its API key from the environment: never from an argument, which every `ps` shows. facts/kserve.md. */
const apiKeyEnv = ({ auth }: ModelSpec, { kind }: Server): EnvVar[] =>
  auth === undefined || kind.apiKey === undefined
    ? []
    : [{ name: kind.apiKey.variable, valueFrom: { secretKeyRef: auth.apiKeySecret } }]

/** The name that clients send. facts/model-servers.md, a name of its own. */
const servedName = (model: ModelSpec, { kind, subject }: Server): string =>
  (kind.nameArgument === undefined ? undefined : model.servedName) ??
  kind.servedName?.(subject.words, model.name) ??
  model.name
