import type { Cause, Step } from './probe.ts'

/** Why no HTTP answer came. */
export type Failure =
  'name' | 'refused' | 'unconnected' | 'timeout' | 'certificate' | 'tls' | 'cut' | 'too-large' | 'ca-file' | 'other'

export type Verdict = 'pass' | 'fail' | 'unreachable' | 'fallback'

/** A row of the table: its conditions, all of which must hold, and what follows. */
export interface Rule {
  /** No HTTP answer, for one of these reasons. */
  readonly failure?: readonly Failure[]
  /** The answer is HTML: the router's, since servers answer JSON or nothing. */
  readonly html?: true
  readonly status?: readonly number[]
  /** Text in the answer. */
  readonly says?: string
  readonly step?: readonly Step[]
  /** The pod itself is asked, past the router. */
  readonly direct?: true
  /** The model's Route has an allow-list, and it is asked through the Route. */
  readonly limited?: true
  readonly verdict: Exclude<Verdict, 'pass'>
  /** Whether it is asked again until `--wait` is over. */
  readonly again?: true
  readonly cause: Cause
}

/**
 * The one table of verdicts. A probe passes when an HTTP answer came that is no HTML, its status is one of those expected,
 * and all checks hold. Otherwise the first row that fits says what it is; when status and form are good and a check does
 * not hold, the check's own cause stands. A probe of the user's own may expect HTML.
 *
 * Sources: facts/model-servers.md (OVMS, vLLM, errors, counters), facts/microshift.md (network).
 */
export const rules: readonly Rule[] = [
  { failure: ['refused', 'unconnected'], direct: true, verdict: 'fail', again: true, cause: 'not-listening' },
  { failure: ['name'], verdict: 'unreachable', again: true, cause: 'unknown-host' },
  { failure: ['refused', 'unconnected'], verdict: 'unreachable', again: true, cause: 'nobody-there' },
  { failure: ['ca-file'], verdict: 'unreachable', cause: 'ca-unusable' },
  { failure: ['certificate'], verdict: 'fail', cause: 'certificate' },
  { failure: ['tls'], verdict: 'fail', again: true, cause: 'tls-failed' },
  { failure: ['cut'], limited: true, step: ['ready', 'name'], verdict: 'fail', cause: 'not-admitted' },
  // A question that ends the server or hangs it is not asked again.
  { failure: ['cut'], step: ['inference', 'unknown', 'request'], verdict: 'fail', cause: 'connection-cut' },
  { failure: ['cut'], verdict: 'fail', again: true, cause: 'connection-cut' },
  { failure: ['timeout'], step: ['inference', 'unknown', 'request'], verdict: 'fail', cause: 'no-answer' },
  { failure: ['timeout'], verdict: 'fail', again: true, cause: 'no-answer' },
  { failure: ['too-large'], verdict: 'fail', cause: 'too-large' },
  { failure: ['other'], verdict: 'unreachable', cause: 'not-asked' },

  { html: true, status: [503], verdict: 'fail', again: true, cause: 'no-pod' },
  { html: true, status: [502], step: ['inference', 'unknown', 'request'], verdict: 'fail', cause: 'connection-cut' },
  { html: true, status: [502], verdict: 'fail', again: true, cause: 'connection-cut' },
  { html: true, status: [504], verdict: 'fail', cause: 'router-timeout' },
  { status: [301, 302, 307, 308], verdict: 'fail', cause: 'redirected' },
  { html: true, verdict: 'fail', again: true, cause: 'router-answers' },

  { status: [401, 403], verdict: 'fail', cause: 'not-authorized' },
  { step: ['unknown'], status: [200], verdict: 'fail', cause: 'any-name' },
  { step: ['metrics', 'counter'], verdict: 'fail', cause: 'metrics-off' },
  // What vLLM says of a model without chat template.
  { status: [400], says: 'default chat template is no longer allowed', verdict: 'fallback', cause: 'no-chat-template' },
  // The same from transformers, which SGLang passes on: facts/sglang.md, chat template.
  {
    status: [400, 500],
    says: 'Cannot use chat template functions',
    verdict: 'fallback',
    cause: 'no-chat-template',
  },
  // What OVMS says of a picture for a model that takes channels first.
  { status: [400], says: 'not configured to accept NHWC layout', verdict: 'fail', cause: 'layout-nchw' },
  // A missing route of an OpenAI server; a missing model has a message.
  { status: [404], says: '{"detail":"Not Found"}', verdict: 'fail', cause: 'no-such-path' },
  // MLServer says 400 of a model that is not loaded.
  { step: ['ready', 'name'], status: [400, 404], verdict: 'fail', again: true, cause: 'not-loaded' },
  { step: ['ready', 'name'], status: [500, 502, 503], verdict: 'fail', again: true, cause: 'not-ready' },
  { step: ['inference'], status: [404], verdict: 'fail', cause: 'other-name' },
  { step: ['request'], status: [404, 405], verdict: 'fail', cause: 'no-such-path' },
  { step: ['inference', 'request'], status: [400, 409, 412, 413, 415, 422, 429], verdict: 'fail', cause: 'refused' },
  {
    step: ['inference', 'unknown', 'request'],
    status: [500, 501, 502, 503, 504],
    verdict: 'fail',
    cause: 'server-error',
  },
  { verdict: 'fail', cause: 'unexpected' },
]

/** What curl's exit codes mean; 28 before a connection stands is `unconnected`. Source: facts/model-servers.md, curl. */
export const curlFailures: Readonly<Record<string, Failure>> = {
  1: 'cut',
  6: 'name',
  7: 'refused',
  8: 'cut',
  18: 'cut',
  23: 'too-large',
  27: 'too-large',
  28: 'timeout',
  35: 'tls',
  52: 'cut',
  55: 'cut',
  56: 'cut',
  60: 'certificate',
  77: 'ca-file',
  100: 'too-large',
}

/** Bytes of an answer that are looked at. */
export const largestAnswer = 8 * 2 ** 20
