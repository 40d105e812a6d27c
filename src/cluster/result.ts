import { printable } from '../report/printable.ts'
import { type ClusterCause, clusterCauses } from './causes.ts'

/** What is checked inside a cluster; the ids are stable. */
export type ClusterCheck =
  | 'CLUSTER-NAMESPACE'
  | 'CLUSTER-CONFIG'
  | 'CLUSTER-OBJECT'
  | 'CLUSTER-RUNTIME'
  | 'CLUSTER-SERVICE'
  | 'CLUSTER-READY'
  | 'CLUSTER-DEPLOYMENT'
  | 'CLUSTER-IMAGES'
  | 'CLUSTER-ROUTE'

/** What one check came to; in the form of the checks that `edge verify` makes from outside. */
export interface ClusterResult {
  readonly id: ClusterCheck
  /** Name of the object: of the model, the runtime, the Route, the namespace. */
  readonly subject: string
  /** `unreachable`: the API server gave nothing to go by, or does not let this user read it. */
  readonly verdict: 'pass' | 'fail' | 'unreachable' | 'skip'
  /** Why it was not checked. */
  readonly skip?: string
  readonly failure?: ClusterFailure
}

export interface ClusterFailure {
  readonly expected: string
  /** Several lines where several things are wrong; each line is free of control characters. */
  readonly came: string
  readonly answered: 'the API server' | 'nobody'
  readonly cause: ClusterCause
  readonly means: string
  readonly try: string
  readonly request: string
}

/** What the API server answered: a value, or why there is none. */
export type Read<T> =
  | { readonly ok: true; readonly value: T; readonly request: string }
  | { readonly ok: false; readonly failure: ReadFailure }

export interface ReadFailure {
  readonly cause: ClusterCause
  readonly came: string
  /** Whether an HTTP answer came at all. */
  readonly answered: boolean
  /** `list pods in ai-demo`: what was wanted. */
  readonly wanted: string
  readonly request: string
}

/** Longest text of the cluster's that is shown. */
const longest = 600

/** A text of the cluster's, which anybody may have written, as one line for any reader. */
export const oneLine = (text: string): string => {
  const line = printable(text.replaceAll(/\s+/g, ' ').trim())
  return line.length <= longest ? line : `${line.slice(0, longest)} …`
}

export const passed = (id: ClusterCheck, subject: string): ClusterResult => ({ id, subject, verdict: 'pass' })

export const skipped = (id: ClusterCheck, subject: string, skip: string): ClusterResult => ({
  id,
  subject,
  verdict: 'skip',
  skip,
})

/** A check that the cluster's objects do not meet. */
export const failed = (
  id: ClusterCheck,
  subject: string,
  namespace: string,
  {
    cause,
    expected,
    came,
    request,
  }: {
    readonly cause: ClusterCause
    readonly expected: string
    readonly came: readonly string[]
    readonly request: string
  },
): ClusterResult => ({
  id,
  subject,
  verdict: 'fail',
  failure: {
    expected: oneLine(expected),
    came: came.map(oneLine).join('\n'),
    answered: 'the API server',
    cause,
    ...wordsFor(cause, subject, namespace),
    request,
  },
})

/** A check for which the API server gave nothing to go by. */
export const unread = (
  id: ClusterCheck,
  subject: string,
  namespace: string,
  { cause, came, answered, wanted, request }: ReadFailure,
): ClusterResult => ({
  id,
  subject,
  verdict: 'unreachable',
  failure: {
    expected: `to ${wanted}`,
    came: oneLine(came),
    answered: answered ? 'the API server' : 'nobody',
    cause,
    ...wordsFor(cause, subject, namespace),
    request,
  },
})

/** The words for a cause, with the names of what they are about. */
const wordsFor = (cause: ClusterCause, subject: string, namespace: string): { means: string; try: string } => {
  const words = clusterCauses[cause]
  return {
    means: words.means,
    try: words.try.replaceAll(/\bNAMESPACE\b|\bNAME\b/g, (name) =>
      name === 'NAMESPACE' ? namespace : cause.startsWith('api-') ? name : subject,
    ),
  }
}
