import type { Because } from '../findings/because.ts'

/** Why a patched object cannot be. Words: findings/words.ts, code `patch-fails`. */
export type PatchProblem =
  | { readonly is: 'identity' }
  | { readonly is: 'nothing-left' }
  | { readonly is: 'too-large' }
  /** What it needs to apply is gone once it has applied. */
  | { readonly is: 'undoes-itself' }
  | { readonly is: 'owned'; readonly field: string; readonly set: string }
  /** The model would be open to everyone. */
  | { readonly is: 'key-taken' }
  | { readonly is: 'missing'; readonly field: string }
  | { readonly is: 'shape'; readonly field: string; readonly expected: Shape }
  /** It is no ServingRuntime any more. */
  | { readonly is: 'malformed'; readonly why: Because }
  /** The words of the library that applies patches. */
  | { readonly is: 'not-applicable'; readonly text: string }

export type Shape =
  'map' | 'list' | 'text' | 'texts' | 'number' | 'containers' | 'variables' | 'named-maps' | 'ports' | 'quantities'
