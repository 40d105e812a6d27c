import type { Finding } from '../../findings/finding.ts'
import type { Body, Probe } from '../../probes/probe.ts'
import type { Asked, ProbeSpec } from '../../servers/modelServer.ts'
import { type NamedQuestion, ok } from '../../servers/question.ts'
import type { Server } from '../../servers/recognise.ts'
import type { PlannedProbes } from '../plan.ts'
import { checkProbes } from './checkProbes.ts'
import { requestQuestion } from './request.ts'
import type { ProbeSubject } from './subject.ts'

/** Where servers count. */
const metricsPath = '/metrics'
/** The server counts; after the answer it may lag: facts/model-servers.md, Prometheus text. */
const counterLag = 5

/**
 * Plans what proves that a model serves, in its order: ready, name, counter before, the questions, counter after, and that
 * a model that does not exist is not there. Source: facts/model-servers.md, the sequence.
 */
export const planProbes = (
  spec: readonly ProbeSpec[] | undefined,
  subject: ProbeSubject,
): { probes: PlannedProbes; findings: Finding[] } => {
  const { server, files } = subject
  const { kind } = server
  const probes: Probe[] = []
  const bodies: Body[] = []
  const ask = (
    step: Probe['step'],
    { what, method = 'GET', path, headers, expect, parts, body, extension = 'json', fallback }: NamedQuestion,
    settle?: number,
  ): void => {
    const taken = probes.filter(({ id }) => id === what || id.startsWith(`${what}-`)).length
    const id = taken === 0 ? what : `${what}-${taken + 1}`
    const file = (of: string, content: Body['parts']) => {
      bodies.push({ file: `${subject.name}-${of.toLowerCase()}.${extension}`, parts: content })
      return { body: `${subject.name}-${of.toLowerCase()}.${extension}` }
    }
    probes.push({
      id,
      step,
      method,
      path,
      headers,
      ...(body === undefined ? {} : { body }),
      ...(settle === undefined ? {} : { settle }),
      expect,
      ...(parts === undefined ? {} : file(id, parts)),
      ...(fallback === undefined
        ? {}
        : { fallback: { path: fallback.path, expect: fallback.expect, ...file(`${id}-fallback`, fallback.parts) } }),
    })
  }
  const askServer = (step: Probe['step'], question: NamedQuestion | undefined, settle?: number): void => {
    if (question !== undefined) ask(step, { ...question, what: `${kind.prefix}-${question.what}` }, settle)
  }

  if (server.http) {
    const asked: Asked = {
      name: subject.name,
      servedName: subject.servedName,
      words: server.subject.words,
      questions: spec ?? [],
      fileOf: (path = '') => files.get(path) ?? new Uint8Array(),
    }
    askServer('ready', kind.ready?.(asked))
    askServer('name', kind.name?.(asked))
    const inferences = inferencesOf(server, asked)
    const counter = inferences.length > 0 ? kind.counter?.(asked) : undefined
    const metrics = { path: metricsPath, headers: {} }
    if (counter !== undefined)
      askServer('metrics', {
        ...metrics,
        what: 'METRICS',
        expect: ok({ ...counter, says: `the counter ${counter.name}`, cause: 'no-counter' }),
      })
    for (const question of inferences) askServer('inference', question)
    if (counter !== undefined)
      askServer(
        'counter',
        {
          ...metrics,
          what: 'COUNTER',
          expect: ok({
            ...counter,
            more: true,
            says: `the counter ${counter.name}, higher than before`,
            cause: 'counter-stuck',
          }),
        },
        counterLag,
      )
    const unknown = kind.unknown?.(asked)
    if (unknown !== undefined) askServer('unknown', { ...unknown, what: 'UNKNOWN' })
    for (const { request } of spec ?? [])
      if (request !== undefined)
        ask('request', { what: 'REQUEST', ...requestQuestion(request, files.get(request.bodyFile ?? '')) })
  }
  return {
    probes: { server: kind.id, scheme: server.tls ? 'https' : 'http', probes, bodies },
    findings: checkProbes(spec ?? [], subject, probes),
  }
}

/** The questions of the spec; without any, one that needs no known answer, where there is one. */
const inferencesOf = ({ kind }: Server, asked: Asked): NamedQuestion[] => {
  const given = asked.questions.flatMap(({ infer, complete, chat }): NamedQuestion[] => {
    if (infer !== undefined && kind.infer !== undefined) return [{ what: 'INFER', ...kind.infer(infer, asked) }]
    if (complete !== undefined && kind.complete !== undefined)
      return [{ what: 'COMPLETE', ...kind.complete(complete, asked) }]
    return chat !== undefined && kind.chat !== undefined ? [{ what: 'CHAT', ...kind.chat(chat, asked) }] : []
  })
  if (given.length > 0) return given
  const any = kind.anything?.(asked)
  return any === undefined ? [] : [any]
}
