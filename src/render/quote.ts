/**
 * Quotes a text for a POSIX shell: one word, whatever is in it.
 *
 * @param text - without NUL, which no argument can hold
 */
export const shellQuote = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`

/**
 * Writes the arguments of an instruction of a Containerfile in its JSON form: no shell and no variable is between them and
 * what they are for. `<` is escaped, since newer builders look for here-documents first.
 */
export const containerfileWords = (words: readonly string[]): string =>
  `[${words.map((word) => JSON.stringify(word).replaceAll('<', '\\u003c')).join(', ')}]`

/**
 * Quotes the value of an ARG, ENV or LABEL of a Containerfile: the builder expands nothing in it.
 *
 * @param text - of one line
 */
export const containerfileValue = (text: string): string => {
  if (/[\0-\x1f\x7f]/.test(text))
    throw new Error(`a value of a Containerfile holds a control character: ${JSON.stringify(text)}`)
  return `"${text.replaceAll(/["\\$]/g, '\\$&')}"`
}

/** Quotes a text as a basic string of TOML: what JSON escapes TOML escapes in the same way, and DEL as well. */
export const tomlQuote = (text: string): string => JSON.stringify(text).replaceAll('\x7f', '\\u007F')

/** Quotes a text as inline code in Markdown, inside a table or out of it: one line, the pipe escaped. */
export const markdownCode = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`
}
