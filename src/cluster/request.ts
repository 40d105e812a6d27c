import type { RequestOptions } from 'node:https'
import { urlToHttpOptions } from 'node:url'
import { askHttp, type NoAnswer } from '../basics/system/http.ts'
import type { ClusterCause } from './causes.ts'

/** Bytes of an answer that are taken: a page of pods with long histories has a few megabytes. */
const largestAnswer = 64 * 2 ** 20

export type Reply =
  | { readonly ok: true; readonly status: number; readonly body: string; readonly retryAfter?: number }
  | { readonly ok: false; readonly cause: ClusterCause; readonly message: string }

const causes: Readonly<Record<NoAnswer, ClusterCause>> = {
  name: 'api-unknown-host',
  refused: 'api-nobody-there',
  unconnected: 'api-nobody-there',
  timeout: 'api-no-answer',
  certificate: 'api-certificate',
  tls: 'api-tls-failed',
  cut: 'api-connection-cut',
  'too-large': 'api-too-large',
  // A client certificate or a CA that is none, a token that no header can hold.
  unusable: 'api-credentials',
  interrupted: 'api-connection-cut',
  other: 'api-connection-cut',
}

/**
 * Asks an API server once.
 *
 * @param url - whole
 * @param options - agent and headers, as the kubeconfig has them
 * @param timeoutSeconds - from the start to the last byte
 * @param signal - ends it
 */
export const askOnce = async (
  url: string,
  options: RequestOptions,
  timeoutSeconds: number,
  signal?: AbortSignal,
): Promise<Reply> => {
  const answer = await askHttp(
    'https:',
    { ...urlToHttpOptions(new URL(url)), ...options, method: 'GET' },
    { timeoutSeconds, largest: largestAnswer, ...(signal === undefined ? {} : { signal }) },
  )
  if (!answer.ok) return { ok: false, cause: causes[answer.why], message: answer.message }
  const retryAfter = Number(answer.headers['retry-after'])
  return { ok: true, status: answer.status, body: answer.body, ...(retryAfter > 0 ? { retryAfter } : {}) }
}
