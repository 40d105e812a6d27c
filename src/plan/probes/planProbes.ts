import type { Finding } from '../../findings/finding.ts'
import type { ModelSpec } from '../../spec/schema.ts'
import { paths, unknownModel } from '../../probes/paths.ts'
import type { Body, Probe } from '../../probes/probe.ts'
import type { PlannedProbes } from '../plan.ts'
import { optionValue, type Server, type ServerKind } from '../server.ts'
import { checkProbes } from './checkProbes.ts'
import { anyPrompt, caikitQuestion, chatQuestion, completeQuestion, detectorQuestion } from './generative.ts'
import { inferQuestion, metadataProbe, readyProbe, zerosProbe } from './openInference.ts'
import { jsonHeaders, ok, type Question } from './question.ts'
import { requestQuestion } from './request.ts'

/** What the probes of a model follow from. */
export interface ProbeSubject {
  readonly name: string
  readonly servedName: string
  readonly server: Server
  /** Where the model is in the spec. */
  readonly pointer: string
  /** Files that the spec names for bodies, by the path that it gives; those that cannot be read are missing. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

type Unnamed = Omit<Probe, 'id'>

/** How the ids of a server's probes begin. */
const prefixes: Readonly<Record<ServerKind, string>> = {
  ovms: 'OVMS',
  vllm: 'VLLM',
  caikit: 'CAIKIT',
  mlserver: 'MLSERVER',
  triton: 'TRITON',
  detector: 'DETECTOR',
  'open-inference': 'V2',
  tgis: 'TGIS',
  other: 'HTTP',
}

/** The server counts; after the answer it may lag: facts/model-servers.md, Prometheus text. */
const counterLag = 5

/**
 * Plans what proves that a model serves, in its order: ready, name, counter before, the questions, counter after, and that
 * a model that does not exist is not there. Source: facts/model-servers.md, the sequence.
 */
export const planProbes = (
  spec: ModelSpec['probes'],
  subject: ProbeSubject,
): { probes: PlannedProbes; findings: Finding[] } => {
  const { server } = subject
  const prefix = prefixes[server.kind]
  const probes: Probe[] = []
  const bodies: Body[] = []
  const add = (what: string, probe: Unnamed): void => {
    const taken = probes.filter(({ id }) => id === what || id.startsWith(`${what}-`)).length
    probes.push({ id: taken === 0 ? what : `${what}-${taken + 1}`, ...probe })
  }
  const ask = (
    what: string,
    step: Probe['step'],
    { method = 'POST', path, headers, expect, parts, extension = 'json', fallback }: Question,
  ): void => {
    add(what, { step, method, path, headers, expect })
    const probe = probes.at(-1)
    if (probe === undefined) return
    const file = (id: string, content: Body['parts']) => {
      bodies.push({ file: `${subject.name}-${id.toLowerCase()}.${extension}`, parts: content })
      return { body: `${subject.name}-${id.toLowerCase()}.${extension}` }
    }
    probes[probes.length - 1] = {
      ...probe,
      ...(parts === undefined ? {} : file(probe.id, parts)),
      ...(fallback === undefined
        ? {}
        : {
            fallback: { path: fallback.path, expect: fallback.expect, ...file(`${probe.id}-fallback`, fallback.parts) },
          }),
    }
  }

  if (server.http) {
    for (const { what, ...probe } of firstProbes(spec ?? [], subject)) add(`${prefix}-${what}`, probe)
    const inferences = inferencesOf(spec ?? [], subject)
    const counter = inferences.some((one) => !('skip' in one) && one.counted) ? counterOf(subject) : undefined
    if (counter !== undefined)
      add(`${prefix}-METRICS`, {
        step: 'metrics',
        method: 'GET',
        path: paths.metrics,
        headers: {},
        expect: ok({ ...counter, says: `the counter ${counter.name}`, cause: 'no-counter' }),
      })
    for (const one of inferences) {
      if ('probe' in one) add(`${prefix}-${one.what}`, one.probe)
      else ask(`${prefix}-${one.what}`, 'inference', one.question)
    }
    if (counter !== undefined)
      add(`${prefix}-COUNTER`, {
        step: 'counter',
        method: 'GET',
        path: paths.metrics,
        headers: {},
        settle: counterLag,
        expect: ok({
          ...counter,
          more: true,
          says: `the counter ${counter.name}, higher than before`,
          cause: 'counter-stuck',
        }),
      })
    for (const question of unknownQuestion(subject)) ask(`${prefix}-UNKNOWN`, 'unknown', question)
    for (const { request } of spec ?? [])
      if (request !== undefined)
        ask('REQUEST', 'request', requestQuestion(request, subject.files.get(request.bodyFile ?? '')))
  }
  return {
    probes: { server: server.kind, scheme: server.tls ? 'https' : 'http', probes, bodies },
    findings: checkProbes(spec ?? [], subject, probes),
  }
}

/** Ready and name. */
const firstProbes = (
  spec: NonNullable<ModelSpec['probes']>,
  { name, servedName, server: { kind } }: ProbeSubject,
): (Unnamed & { what: string })[] => {
  const infers = spec.flatMap(({ infer }) => infer ?? [])
  switch (kind) {
    case 'ovms':
      return [
        { what: 'READY', ...readyProbe(paths.openInference.ready(name)) },
        { what: 'METADATA', ...metadataProbe(name, infers) },
      ]
    case 'mlserver':
    case 'open-inference':
      return [{ what: 'READY', ...readyProbe(paths.openInference.ready(infers[0]?.model ?? name)) }]
    case 'triton':
      // Triton names its models by their folders, and is ready when all are.
      return [{ what: 'READY', ...readyProbe(paths.openInference.serverReady) }]
    case 'vllm':
      return [
        { what: 'READY', ...readyProbe(paths.openAi.health) },
        {
          what: 'MODELS',
          step: 'name',
          method: 'GET',
          path: paths.openAi.models,
          headers: {},
          expect: ok({
            is: 'equal',
            at: ['data', {}, 'id'],
            value: servedName,
            says: `the model ${JSON.stringify(servedName)}`,
            cause: 'other-name',
          }),
        },
      ]
    case 'caikit':
      return [{ what: 'READY', ...readyProbe(paths.caikit.health) }]
    case 'detector':
      return [{ what: 'READY', ...readyProbe(paths.detector.health) }]
    case 'tgis':
    case 'other':
      return []
  }
}

type Inference = { readonly what: string } & (
  { readonly question: Question; readonly counted: boolean } | { readonly probe: Unnamed; readonly counted: boolean }
)

/** The questions of the spec; without any, one that needs no known answer, where there is one. */
const inferencesOf = (spec: NonNullable<ModelSpec['probes']>, subject: ProbeSubject): Inference[] => {
  const { name, servedName, server } = subject
  const asked = spec.flatMap(({ infer, complete, chat }): Inference[] => {
    if (infer !== undefined && answersTensors(server.kind))
      return [
        {
          what: 'INFER',
          question: inferQuestion(infer, name, server.kind === 'ovms', subject.files.get(infer.image ?? '')),
          counted: true,
        },
      ]
    if (complete !== undefined && server.kind === 'vllm')
      return [{ what: 'COMPLETE', question: completeQuestion(complete, servedName), counted: true }]
    if (complete !== undefined && server.kind === 'caikit')
      return [{ what: 'COMPLETE', question: caikitQuestion(complete, name), counted: false }]
    return chat !== undefined && server.kind === 'vllm'
      ? [{ what: 'CHAT', question: chatQuestion(chat, servedName), counted: true }]
      : []
  })
  if (asked.length > 0) return asked
  switch (server.kind) {
    case 'ovms':
      // One that is asked requests of the user's own may have no tensors: an LLM.
      return spec.some(({ request }) => request !== undefined)
        ? []
        : [{ what: 'INFER', probe: zerosProbe(name), counted: true }]
    case 'vllm':
      return generates(server)
        ? [{ what: 'COMPLETE', question: completeQuestion(anyPrompt, servedName), counted: true }]
        : []
    case 'caikit':
      return [{ what: 'COMPLETE', question: caikitQuestion(anyPrompt, name), counted: false }]
    case 'detector':
      return [{ what: 'DETECT', question: detectorQuestion(), counted: false }]
    default:
      return []
  }
}

export const answersTensors = (kind: ServerKind): boolean =>
  ['ovms', 'mlserver', 'triton', 'open-inference'].includes(kind)

/** vLLM with a task such as embedding has no completions. */
const generates = ({ args }: Server): boolean =>
  ['generate', 'auto'].includes(optionValue(args, ['--task']) ?? 'auto') &&
  optionValue(args, ['--runner']) !== 'pooling'

/** The counter of good answers, where the server has one. */
const counterOf = ({ name, servedName, server: { kind, args } }: ProbeSubject) => {
  if (kind === 'ovms' && args.some((argument) => /^--metrics_enable(?:=true)?$/.test(argument)))
    return {
      is: 'counter',
      name: 'ovms_requests_success',
      labels: { api: 'KServe', interface: 'REST', method: 'ModelInfer', name },
      present: true,
    } as const
  if (kind === 'vllm' && !args.includes('--disable-log-stats'))
    return {
      is: 'counter',
      name: 'vllm:request_success_total',
      labels: { model_name: servedName },
      except: { label: 'finished_reason', values: ['abort', 'error'] },
    } as const
  return undefined
}

/** A model that does not exist, so that a good answer means something. */
const unknownQuestion = ({ server }: ProbeSubject): Question[] => {
  const expect = { status: [404], checks: [] }
  if (server.kind === 'ovms')
    return [{ method: 'GET', path: paths.openInference.ready(unknownModel), headers: {}, expect }]
  if (server.kind === 'vllm' && generates(server))
    return [
      {
        path: paths.openAi.completions,
        headers: jsonHeaders,
        expect,
        parts: [JSON.stringify({ model: unknownModel, prompt: anyPrompt.prompt, max_tokens: 1, temperature: 0 })],
      },
    ]
  return []
}
