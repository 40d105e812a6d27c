import { parseJson } from '../basics/json.ts'

/** Why a registry gave no answer. */
export type FailureKind = 'not-found' | 'denied' | 'passing' | 'lasting'

/** A failure, from what skopeo says of it. */
export interface RegistryFailure {
  /** `passing` may be gone the next time. */
  readonly kind: FailureKind
  /** In the registry's or skopeo's own words, one line. */
  readonly reason: string
}

/** What skopeo (containers/image) and registries write, by kind; the first that fits has its say. */
const kinds: readonly (readonly [FailureKind, RegExp])[] = [
  ['passing', /toomanyrequests|too many requests|\b429\b/i],
  ['passing', /\b(?:500|502|503|504)\b|internal server error|bad gateway|service unavailable|gateway timeout/i],
  [
    'not-found',
    /manifest[ _]unknown|name[ _]unknown|repository name not known|no such (?:image|file or directory)|\b404\b|blob unknown/i,
  ],
  ['denied', /unauthorized|authentication required|denied|invalid username\/password|\b40[13]\b/i],
  [
    'lasting',
    /x509|certificate|server gave HTTP response to HTTPS client|error parsing|error getting username and password|unmarshal/i,
  ],
  [
    'passing',
    /timeout|timed out|deadline|refused|reset by peer|EOF|no such host|server misbehaving|no route|unreachable|temporary|broken pipe|try again/i,
  ],
]

/**
 * Reads skopeo's messages.
 *
 * @param stderr - all of them
 * @param timedOut - whether it was stopped for taking too long
 * @param seconds - how long that was
 */
export const failureOf = (stderr: string, timedOut: boolean, seconds: number): RegistryFailure => {
  if (timedOut) return { kind: 'passing', reason: `no answer within ${seconds} s` }
  const lines = stderr.trim().split('\n')
  const last = /msg=("(?:[^"\\]|\\.)*")/.exec(lines.at(-1) ?? '')?.[1]
  const message = (last === undefined ? (lines.at(-1) ?? '') : unquoted(last))
    .replaceAll(/\s+/g, ' ')
    .replace(/^Error parsing image name "[^"]*": /, '')
  // The names that it repeats could read like an answer: `denied` in a repository.
  const answer = message.replaceAll(/"?docker:\/\/\S+|https?:\/\/\S+|\b[\w.-]+(?::\d+)?\/\S+/g, '')
  const kind = kinds.find(([, pattern]) => pattern.test(answer))?.[0] ?? 'lasting'
  return { kind, reason: message === '' ? 'skopeo says nothing' : message.slice(0, 500) }
}

const unquoted = (text: string): string => {
  const value = parseJson(text)
  return typeof value === 'string' ? value : text
}
