import { parseJson } from '../basics/json.ts'
import { mapOf } from '../basics/maps.ts'
import { sleep } from '../basics/system/sleep.ts'
import type { HostedModel, ProbesDocument } from '../probes/document.ts'
import type { Json, Probe } from '../probes/probe.ts'
import type { Request } from './client.ts'
import { type Answer, judge, type Judgement } from './judge.ts'
import type { CheckResult } from './result.ts'

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
    yield { model: model.name, id: 'NO-PROBE', verdict: 'skip', skip: 'no question is known for its server' }
  for (let probe of model.probes) {
    const unasked = whyUnasked(model, probe, asking.direct)
    const zeros = typeof probe.body === 'object' && metadata !== undefined ? zerosFor(metadata) : undefined
    const skip =
      unasked ??
      (stopped !== undefined
        ? `${stopped} did not pass`
        : probe.step === 'counter' && (before === undefined || !answered)
          ? 'there is nothing to count'
          : typeof probe.body !== 'object'
            ? undefined
            : metadata === undefined
              ? 'the inputs are not known'
              : zeros === undefined
                ? 'its inputs have no fixed shape of numbers: give infer in probes'
                : undefined)
    if (skip !== undefined) {
      yield {
        model: model.name,
        id: probe.id,
        verdict: 'skip',
        skip,
        ...(unasked !== undefined && model.host === undefined ? { hidden: true } : {}),
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
              failure: { expected: 'a running pod', came: answer.nobody, answered: 'nobody', cause: answer.cause },
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
      const words = (document.causes as Readonly<Record<string, { readonly means: string; readonly try: string }>>)[
        failure.cause
      ] ?? { means: '', try: '' }
      // A model that is not ready, or not there, is asked nothing more; where ready is not asked, its name says it.
      const isGone =
        judgement.verdict === 'unreachable' || ['no-pod', 'no-pod-address', 'oc-fails'].includes(failure.cause)
      if (isGone || probe.step === 'ready' || (probe.step === 'name' && !isReady)) stopped = probe.id
      yield {
        model: model.name,
        id: probe.id,
        verdict: judgement.verdict === 'unreachable' ? 'unreachable' : 'fail',
        ...seconds,
        ...again,
        failure: {
          ...failure,
          means: words.means,
          try: words.try.replaceAll('NAMESPACE', document.namespace).replaceAll('MODEL', model.name),
          request: `${probe.method} ${'nobody' in answer ? probe.path : answer.url}`,
        },
      }
      break
    }
    if (signal.aborted) return
  }
}

/** Why a probe cannot be asked from where we are. */
const whyUnasked = (
  { route, replicas }: HostedModel,
  { skip, path: whole, step }: Probe,
  direct: boolean,
): string | undefined => {
  const path = whole.replace(/\?.*/, '')
  if (skip !== undefined) return skip
  if (direct) return undefined
  if (route === undefined) return 'it has no Route: on the device, --direct asks its pod'
  const below = route.path
  if (below !== undefined && path !== below && !path.startsWith(`${below}/`))
    return `its Route leads to ${below} alone: on the device, --direct asks its pod`
  return replicas > 1 && (step === 'metrics' || step === 'counter')
    ? `it has ${replicas} pods, and each counts for itself`
    : undefined
}

interface Tensor {
  readonly name: string
  readonly datatype: string
  readonly shape: readonly number[]
}

const isTensor = (value: unknown): value is Tensor => {
  const { name, datatype, shape } = mapOf(value)
  return (
    typeof name === 'string' && typeof datatype === 'string' && Array.isArray(shape) && shape.every(Number.isInteger)
  )
}

/** A body of zeros, as large as the inputs say that the model has; undefined where they say too little. */
const zerosFor = (metadata: string): Uint8Array | undefined => {
  const { inputs } = mapOf(parseJson(metadata))
  if (!Array.isArray(inputs) || !inputs.every(isTensor)) return undefined
  const tensors = inputs.map(({ name, datatype, shape }) => ({
    name,
    shape: shape.map((side, index) => (index === 0 && side < 1 ? 1 : side)),
    datatype,
  }))
  const sizes = tensors.map(({ shape }) => shape.reduce((all, side) => all * side, 1))
  const isFixed = tensors.every(
    ({ datatype, shape }) => /^(?:FP(?:32|64)|U?INT\d+)$/.test(datatype) && shape.every((side) => side >= 1),
  )
  if (tensors.length === 0 || !isFixed || sizes.reduce((sum, size) => sum + size, 0) > 1_000_000) return undefined
  const body: Json = {
    inputs: tensors.map((tensor, index) => ({ ...tensor, data: Array.from({ length: sizes[index] ?? 0 }, () => 0) })),
  }
  return new TextEncoder().encode(JSON.stringify(body))
}
