import type { causes } from './causes.ts'

/**
 * Probes as data: what is asked, and what a good answer is. `probes.json` holds them; the shell script and `edge verify` are
 * two readers of the same data, and both judge by the table in rules.ts.
 */

/** Where a probe stands in the sequence that proves that a model serves: facts/model-servers.md, the sequence. */
export type Step = 'ready' | 'name' | 'metrics' | 'inference' | 'counter' | 'unknown' | 'request'

/** A step into JSON: a key (of a list, an index), the items of a list that have a name, or every item (`{}`). */
export type PathStep = string | { readonly name?: string }

/** A value as JSON has it. */
export type Json = unknown

/** What a good answer holds. `says` is the same in words; `cause` names what is wrong when it does not hold. */
export type Check = { readonly says: string; readonly cause: Cause } & Test

export type Test =
  /** Some value there is that value; of numbers their value counts. */
  | { readonly is: 'equal'; readonly at: readonly PathStep[]; readonly value: Json }
  /** Some value there is a list of numbers, each within the tolerance of what is known. */
  | {
      readonly is: 'near'
      readonly at: readonly PathStep[]
      readonly value: readonly number[]
      readonly tolerance: number
    }
  /** Some value there is a list of numbers, the largest of them at that index. */
  | { readonly is: 'argmax'; readonly at: readonly PathStep[]; readonly value: number }
  /** Some value there is a number that large. */
  | { readonly is: 'at-least'; readonly at: readonly PathStep[]; readonly value: number }
  /** Some value there is of that type, as JSON names types. */
  | { readonly is: 'type'; readonly at: readonly PathStep[]; readonly value: 'array' | 'object' | 'string' | 'number' }
  /** Some text there, or the whole answer as text, has that text in it. */
  | { readonly is: 'containing'; readonly at?: readonly PathStep[]; readonly value: string }
  /** No value there is the shape of a picture with its channels before its height (`[1,3,224,224]`). */
  | { readonly is: 'channels-last'; readonly at: readonly PathStep[] }
  /** The sum of a counter's series in a Prometheus text; `present`: there is one; `more`: it is higher than the last time. */
  | {
      readonly is: 'counter'
      readonly name: string
      readonly labels: Readonly<Record<string, string>>
      readonly except?: { readonly label: string; readonly values: readonly string[] }
      readonly present?: true
      readonly more?: true
    }

export interface Expectation {
  readonly status: readonly number[]
  readonly checks: readonly Check[]
}

export interface Probe {
  /** Stable, unique for a model: `OVMS-INFER`, `OVMS-INFER-2`. */
  readonly id: string
  readonly step: Step
  readonly method: string
  /** Path and query, percent-encoded. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** A file in data/. `metadata`: a body of zeros, made of what the step `name` said of the inputs. */
  readonly body?: string | { readonly from: 'metadata' }
  readonly expect: Expectation
  /** Why it is not asked. */
  readonly skip?: string
  /** For how many seconds an answer that is not good yet is asked for again, beside `--wait`. */
  readonly settle?: number
  /** What is asked instead when the table says `fallback`. */
  readonly fallback?: Pick<Probe, 'path' | 'body' | 'expect'>
}

/** Content of a request body, in parts: pictures are shared, not copied. */
export interface Body {
  /** Path below data/. */
  readonly file: string
  readonly parts: readonly (string | Uint8Array)[]
}

/** How the words for a failure are found; they stand in causes.ts. */
export type Cause = keyof typeof causes
