import { type Code, words, type WordsOf } from './words.ts'

export type { Code } from './words.ts'
export type Severity = 'error' | 'warning'

/** Where a finding is: a JSON pointer into a document. */
export interface Location {
  /** Name of the file; the spec when left out. */
  readonly file?: string
  /** Which YAML document of the file, from 0. */
  readonly document?: number
  readonly pointer: string
  /** Point at the key (an unknown field) or at the value (the default). */
  readonly on?: 'key' | 'value'
  /** The line there holds a secret: it is not shown. */
  readonly secret?: true
  /** Offset in the text, for what has no pointer: a syntax error. */
  readonly offset?: number
}

/** The texts that findings point into. */
export interface Documents {
  /** How messages call the file of a location. */
  readonly name: (at: Location) => string
  /** The file's text; undefined when it cannot be read any more. */
  readonly text: (at: Location) => string | undefined
}

/** One problem, as data: what, how bad, where. The words are made when it is printed. */
export interface Finding<C extends Code = Code> {
  readonly code: C
  readonly severity: Severity
  readonly at?: Location
  readonly args: WordsOf<C>
}

/**
 * Makes a finding; its severity is the one that the table of words gives its code.
 *
 * @param code - the kind of problem
 * @param args - what its words need
 * @param at - where it is: a location, or a JSON pointer into the spec
 */
export const finding = <C extends Code>(code: C, args: WordsOf<C>, at?: Location | string): Finding => {
  const made: unknown = {
    code,
    severity: words[code].severity,
    args,
    ...(at === undefined ? {} : { at: typeof at === 'string' ? { pointer: at } : at }),
  }
  return made as Finding
}

/** What is wrong, in one sentence without a full stop. */
export const messageOf = (found: Finding): string =>
  (words[found.code].message as (args: never) => string)(found.args as never)

/** What to do about it. */
export const helpOf = (found: Finding): string | undefined => {
  const entry = words[found.code]
  return (entry.help as ((args: never) => string | undefined) | undefined)?.(found.args as never)
}

export const hasErrors = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error')
