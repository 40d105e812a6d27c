/** A fact about a question or an answer. */
export type Fact = string | number | boolean | null

/** What a row of a table asks for: each fact is the value that stands there, or one of the list; one that is not known is null. */
export type When = Readonly<Record<string, Fact | readonly Fact[]>>

/** A row with words: a sentence whose `{names}` are filled in from what is known. */
export interface Sentence {
  readonly when: When
  readonly says: string
}

/** Whether the facts are what a row asks for. The same in jq: jq/words.jq. */
export const isSo = (when: When, facts: Readonly<Record<string, Fact>>): boolean =>
  Object.entries(when).every(([name, wanted]) => {
    const fact = facts[name] ?? null
    return Array.isArray(wanted) ? wanted.includes(fact) : wanted === fact
  })

/** A sentence with its `{names}` filled in; what is filled in is not looked at again. */
export const filled = (sentence: string, values: Readonly<Record<string, Fact>>): string =>
  sentence.replaceAll(/\{([^}]*)\}/g, (_, name: string) => String(values[name] ?? null))
