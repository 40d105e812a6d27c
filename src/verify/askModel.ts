import { sleep } from '../basics/system/sleep.ts'
import type { HostedModel, ProbesDocument } from '../probes/document.ts'
import type { Request } from './client.ts'
import { type Answer, judge, type Judgement } from './judge.ts'
import { filled, isSo } from '../probes/when.ts'
import type { CheckResult } from './result.ts'
import { whySkipped } from './whySkipped.ts'
import { zerosFor } from './zeros.ts'

/** What a model is asked with. */
export interface Asking {
  readonly document: ProbesDocument
  /** The file of a body below data/. */
  readonly bodyOf: (file: string) => Uint8Array
  /** Past the router, to the pod. */
  readonly direct: boolean
  /** When waiting for a model ends, by `performance.now()`. */
  readonly deadline: number
  readonly token?: string
  /** Sends a request; undefined when there is nobody to send it to, with the words for it. */
  readonly ask: (
    request: Request,
  ) => Promise<
    | (Answer & { readonly seconds: number; readonly url: string })
    | { readonly nobody: string; readonly cause: 'no-pod-address' | 'oc-fails' }
  >
  /** Told of each wait for something that is not good yet. */
  readonly onWait: (model: string, id: string, cause: string) => void
  readonly signal: AbortSignal
}

/** How long between two attempts, in milliseconds. */
const pause = 1000

/**
 * Asks a model its questions in their order, as verify.sh does: what a check needs of one before it is remembered, and what
 * cannot be asked is said.
 */
export async function* askModel(model: HostedModel, asking: Asking): AsyncGenerator<CheckResult> {
  const { document, signal } = asking
  let stopped: string | undefined
  let metadata: string | undefined
  let before: number | undefined
  let answered = false
  let isReady = false
  if (model.probes.length === 0)
    yield { model: model.name, id: 'NO-PROBE', verdict: 'skip', skip: document.sentences.noQuestion }
  for (let probe of model.probes) {
    const zeros = typeof probe.body === 'object' && metadata !== undefined ? zerosFor(metadata) : undefined
    const skip = whySkipped(model, probe, document, {
      direct: asking.direct,
      stop: stopped,
      counted: before !== undefined && answered,
      zeros:
        typeof probe.body !== 'object'
          ? null
          : metadata === undefined
            ? 'unasked'
            : zeros === undefined
              ? 'open'
              : 'made',
    })
    if (skip !== undefined) {
      yield {
        model: model.name,
        id: probe.id,
        verdict: 'skip',
        skip,
        ...(model.host === undefined ? { hidden: true } : {}),
      }
      continue
    }

    const settled = performance.now() + (probe.settle ?? 0) * 1000
    let waiting = ''
    let attempts = 0
    for (;;) {
      attempts++
      const body = typeof probe.body === 'string' ? asking.bodyOf(probe.body) : zeros
      const answer = await asking.ask({
        method: probe.method,
        path: probe.path,
        headers: {
          ...probe.headers,
          ...(model.apiKey === true && asking.token !== undefined ? { Authorization: `Bearer ${asking.token}` } : {}),
        },
        ...(body === undefined ? {} : { body }),
      })
      const judgement: Judgement =
        'nobody' in answer
          ? {
              verdict: 'fail',
              again: 'wait',
              failure: {
                expected: document.sentences.pod,
                came: filled(document.sentences[answer.nobody === '' ? 'noPod' : 'noPodBecause'], {
                  words: answer.nobody,
                }),
                answered: document.answered.find(({ when }) => isSo(when, { failure: 'name' }))?.says ?? '',
                cause: answer.cause,
              },
            }
          : judge(
              probe,
              { limited: model.limited === true && !asking.direct, direct: asking.direct },
              answer,
              document,
              probe.step === 'counter' ? before : undefined,
            )
      if (judgement.verdict === 'fallback' && probe.fallback !== undefined) {
        const { fallback, ...rest } = probe
        probe = { ...rest, ...fallback }
        continue
      }
      const { failure } = judgement
      const isOver = performance.now() >= (judgement.again === 'settle' ? settled : Math.max(asking.deadline, settled))
      if (failure !== undefined && judgement.again !== undefined && !isOver && !signal.aborted) {
        if (failure.cause !== waiting) asking.onWait(model.name, probe.id, failure.cause)
        waiting = failure.cause
        await sleep(pause, signal)
        continue
      }
      const seconds = 'nobody' in answer ? {} : { seconds: answer.seconds }
      const again = attempts > 1 ? { attempts } : {}
      if (failure === undefined) {
        if (!('nobody' in answer) && probe.step === 'name') metadata = answer.body
        if (probe.step === 'ready') isReady = true
        if (probe.step === 'metrics') before = judgement.sum
        if (probe.step === 'inference') answered = true
        yield { model: model.name, id: probe.id, verdict: 'pass', ...seconds, ...again }
        break
      }
      const known = Object.hasOwn(document.causes, failure.cause) ? document.causes[failure.cause] : undefined
      const words = known ?? { means: '', try: '' }
      const facts = { step: probe.step, ready: isReady, cause: failure.cause, verdict: judgement.verdict }
      if (document.stops.some((when) => isSo(when, facts))) stopped = probe.id
      yield {
        model: model.name,
        id: probe.id,
        verdict: judgement.verdict === 'unreachable' ? 'unreachable' : 'fail',
        ...seconds,
        ...again,
        failure: {
          ...failure,
          means: words.means,
          try: words.try.replaceAll('NAMESPACE', () => document.namespace).replaceAll('MODEL', () => model.name),
          request: `${probe.method} ${'nobody' in answer ? probe.path : answer.url}`,
        },
      }
      break
    }
    if (signal.aborted) return
  }
}
