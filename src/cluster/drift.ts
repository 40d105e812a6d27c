import { objectDifferences } from './differences.ts'
import type { Expected } from './expected.ts'
import type { LiveObject } from './live.ts'

/**
 * What differs between an object and what the bundle wants.
 *
 * @param key - `KIND/NAME`
 * @param live - undefined when it is not there
 */
export const differencesOf = (
  { kinds, secretArgument, objects }: Expected,
  key: string,
  live: LiveObject | undefined,
): string[] => {
  const wants = objects.get(key)
  const kind = kinds[key.split('/')[0] ?? '']
  return wants === undefined || kind === undefined
    ? []
    : objectDifferences({ fields: kind.fields, secretArgument }, key, wants, live?.object)
}

/** More lines of a difference help nobody. */
const mostLines = 40

export const limited = (lines: readonly string[]): readonly string[] =>
  lines.length <= mostLines ? lines : [...lines.slice(0, mostLines), `and ${lines.length - mostLines} more`]
