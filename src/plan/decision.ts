import type { Reason } from './reasons.ts'

/** Where a value of the plan comes from. */
export type Origin =
  | { readonly from: 'spec'; readonly pointer: string }
  /** A site of the spec; the pointer leads into it. */
  | { readonly from: 'site'; readonly site: string; readonly pointer: string }
  /** An operation of a JSON patch in the spec. */
  | { readonly from: 'patch'; readonly pointer: string }
  /** A file of the payload. */
  | { readonly from: 'payload'; readonly file: string }
  /** A file of the user's own beside the spec. */
  | { readonly from: 'file'; readonly file: string }
  | { readonly from: 'lock' }
  | { readonly from: 'default' }

/** A decision with where it comes from and why it is so: what `edge explain` prints. */
export interface Decision<T> {
  readonly value: T
  readonly origin: Origin
  readonly why: Reason
}

/** The origin of what nobody said. */
export const byDefault: Origin = { from: 'default' }

/** What somebody says, as he says it. */
export const given = <T>(value: T, origin: Origin): Decision<T> => ({ value, origin, why: { code: 'given' } })

/** A decision about another value, for the same reason. */
export const decided = <T>(value: T, origin: Origin, why: Reason): Decision<T> => ({ value, origin, why })

/** The place in the spec that an origin is; undefined where it is none. */
export const pointerOf = (origin: Origin): string | undefined => ('pointer' in origin ? origin.pointer : undefined)
