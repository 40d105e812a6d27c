/**
 * Quotes a text for a POSIX shell: one word, whatever is in it.
 *
 * @param text - without NUL, which no argument can hold
 */
export const shellQuote = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** Quotes a text as inline code in Markdown, inside a table or out of it: one line, the pipe escaped. */
export const markdownCode = (text: string): string => {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|')
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`
}
