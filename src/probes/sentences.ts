import type { Cause } from './probe.ts'
import type { Sentence, When } from './when.ts'

/**
 * Why a question is not asked: the first row that fits. Facts: `own` (the probe has a `{reason}` of its own), `direct`,
 * `route` (`none`, `elsewhere`: it leads to `{below}` alone, `there`), `several` (`{replicas}` pods), `step`, `stopped` (by
 * `{stop}`), `counted` (the counter before is known, and a question was answered), `zeros` (a body of zeros: `unasked`, `open`:
 * its size is not known, `made`).
 */
export const skips: readonly Sentence[] = [
  { when: { own: true }, says: '{reason}' },
  { when: { direct: false, route: 'none' }, says: 'it has no Route: on the device, --direct asks its pod' },
  {
    when: { direct: false, route: 'elsewhere' },
    says: 'its Route leads to {below} alone: on the device, --direct asks its pod',
  },
  {
    when: { direct: false, several: true, step: ['metrics', 'counter'] },
    says: 'it has {replicas} pods, and each counts for itself',
  },
  { when: { stopped: true }, says: '{stop} did not pass' },
  { when: { step: 'counter', counted: false }, says: 'there is nothing to count' },
  { when: { zeros: 'unasked' }, says: 'the inputs are not known' },
  { when: { zeros: 'open' }, says: 'its inputs have no fixed shape of numbers: give infer in probes' },
]

/**
 * After which result that is not good nothing more is asked of the model: one row that fits is enough. Facts: `step`, `ready`
 * (the step `ready` passed), `cause`, `verdict`.
 */
export const stops: readonly When[] = [
  { step: 'ready' },
  // Where ready is not asked, or did not answer, the name says it.
  { step: 'name', ready: false },
  { cause: ['no-pod', 'no-pod-address', 'oc-fails'] },
  { verdict: 'unreachable' },
]

/** Who answered: the first row that fits. Facts: `failure` (of rules.ts), `answer` (one came), `html`. */
export const answered: readonly Sentence[] = [
  { when: { failure: ['name', 'refused', 'unconnected', 'ca-file', 'other'] }, says: 'nobody' },
  { when: { answer: false }, says: 'the connection' },
  { when: { html: true }, says: 'the router' },
  { when: {}, says: 'the server' },
]

/**
 * What came in place of what was expected, for people, and the cause where it is another than the check's own: the first row
 * that fits. Facts: `answer`, `wanted` (its status and form are); of the check that does not hold `is`, `at` (it looks into
 * JSON), `json` (there is some), `there` (something is where it looks), `numbers`; of a counter `series` (there are some),
 * `known` (its value before), `back` (it was higher before).
 */
export const came: readonly (Sentence & { readonly cause?: Cause })[] = [
  { when: { answer: false }, says: 'no answer: {words}' },
  { when: { wanted: false }, says: 'status {status}: {body}' },
  { when: { is: 'counter', back: true, series: true }, says: '{before} before, {sum} now', cause: 'restarted' },
  { when: { is: 'counter', back: true }, says: '{before} before, no such series, in {body}', cause: 'restarted' },
  { when: { is: 'counter', known: true, series: true }, says: '{before} before, {sum} now' },
  { when: { is: 'counter', known: true }, says: '{before} before, no such series, in {body}' },
  { when: { is: 'counter', series: true }, says: '{sum} now' },
  { when: { is: 'counter' }, says: 'no such series, in {body}' },
  { when: { at: false }, says: '{body}' },
  { when: { json: false }, says: 'no JSON: {body}', cause: 'not-json' },
  { when: { there: false }, says: 'nothing there, in {body}' },
  { when: { is: 'argmax', numbers: true }, says: 'the largest value at index {index}' },
  { when: {}, says: '{values}' },
]

/** What else results say. */
export const sentences = {
  /** What was expected of an answer whose status is wrong. */
  status: 'status {status}',
  or: ' or ',
  /** What was expected where oc knows no pod, and what came. */
  pod: 'a running pod',
  noPod: 'oc names none',
  noPodBecause: 'oc names none: {words}',
  noQuestion: 'no question is known for its server',
  fallback: 'no chat template, so a completion is asked for',
} as const
