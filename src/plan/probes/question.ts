import type { Body, Check, Expectation, Probe } from '../../probes/probe.ts'

/** A question with its body, before it has an id and a file. */
export interface Question extends Pick<Probe, 'path' | 'headers' | 'expect'> {
  readonly method?: string
  readonly parts?: Body['parts']
  /** Of the body's file. */
  readonly extension?: 'json' | 'bin' | 'txt'
  /** What is asked instead, with a body of its own. */
  readonly fallback?: { readonly path: string; readonly expect: Expectation; readonly parts: Body['parts'] }
}

export const jsonHeaders = { 'Content-Type': 'application/json' } as const

/** Status 200, and these checks. */
export const ok = (...checks: readonly Check[]): Expectation => ({ status: [200], checks })
