import type { Body, Check, Expectation, PathStep, Probe } from '../probes/probe.ts'

/** A question to a server, before it has an id and its body a file. */
export interface Question extends Pick<Probe, 'path' | 'headers' | 'expect'> {
  /** Default: GET. */
  readonly method?: string
  readonly parts?: Body['parts']
  /** Of the body's file. */
  readonly extension?: 'json' | 'bin' | 'txt'
  /** A body that is made when it is asked. */
  readonly body?: { readonly from: 'metadata' }
  /** What is asked instead, with a body of its own. */
  readonly fallback?: { readonly path: string; readonly expect: Expectation; readonly parts: Body['parts'] }
}

/** A question with what its probe's id says after the server's prefix: `READY`. */
export interface NamedQuestion extends Question {
  readonly what: string
}

export const jsonHeaders = { 'Content-Type': 'application/json' } as const

/** Status 200, and these checks. */
export const ok = (...checks: readonly Check[]): Expectation => ({ status: [200], checks })

/** Any answer with status 200. */
export const isReady = (path: string): NamedQuestion => ({ what: 'READY', path, headers: {}, expect: ok() })

/** The name of a model as a part of a path. */
export const pathName = (name: string): string => encodeURIComponent(name)

/** A known part of an answer, where one is known. */
export const containing = (text: string | undefined, at?: readonly PathStep[]): Check[] =>
  text === undefined
    ? []
    : [
        {
          is: 'containing',
          ...(at === undefined ? {} : { at }),
          value: text,
          says: `an answer with ${JSON.stringify(text)} in it`,
          cause: 'wrong-answer',
        },
      ]
