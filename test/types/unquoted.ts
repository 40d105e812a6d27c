/**
 * What does not compile: each line below `@ts-expect-error` is an unquoted text on its way into a file, or one that was quoted
 * for another place. quotedTypes.test.ts compiles this file; nothing runs it.
 */
import {
  type Comment,
  comment,
  commandWord,
  type ContainerfileWords,
  containerfileWords,
  markdownCode,
  type RunWord,
  runWord,
  shellQuote,
  tomlQuote,
} from '../../src/render/quote.ts'
import {
  command,
  type CompiledTemplate,
  type Instructions,
  joined,
  lines,
  prose,
  script,
  template,
  toml,
} from '../../src/render/write.ts'
import { printable, printableLine, styled, together } from '../../src/report/printable.ts'
import { writeStdout } from '../../src/report/stdout.ts'
import compiled from '../../bootc/snippets/lint.hbs'

declare const value: string
declare const limits: Readonly<Record<string, string>>

const write = template<
  { what: Comment; words: readonly RunWord[]; runs: readonly { words: ContainerfileWords }[] },
  Instructions
>(compiled satisfies CompiledTemplate)
write({ what: comment(value), words: [runWord(value)], runs: [{ words: containerfileWords([value]) }] })

// @ts-expect-error -- a view with a plain string is none
template<{ what: string }, Instructions>(compiled)
// @ts-expect-error -- nor one with plain strings in a list
template<{ words: readonly string[] }, Instructions>(compiled)
// @ts-expect-error -- nor one with a plain string further in
template<{ runs: readonly { words: string }[] }, Instructions>(compiled)
// @ts-expect-error -- what the build compiled is no function before it has a type
compiled({ what: value })
// @ts-expect-error -- a value of the spec
write({ what: value, words: [], runs: [] })
// @ts-expect-error -- a literal of our own with a value in it
write({ what: `the site ${value}`, words: [], runs: [] })
// @ts-expect-error -- the keys of a map
write({ what: comment(value), words: Object.keys(limits), runs: [] })
// @ts-expect-error -- quoted texts put together by hand
write({ what: [comment(value), comment(value)].join(', '), words: [], runs: [] })
// @ts-expect-error -- a word of a shell script may have lines: it is no word of RUN
write({ what: comment(value), words: [shellQuote(value)], runs: [] })
// @ts-expect-error -- a word of RUN is no comment
write({ what: runWord(value), words: [], runs: [] })
// @ts-expect-error -- a value further in
write({ what: comment(value), words: [], runs: [{ words: value }] })

export const literals = [
  // @ts-expect-error -- a value in a script
  script`echo ${value}`,
  // @ts-expect-error -- a value in TOML
  toml`a = ${value}`,
  // @ts-expect-error -- TOML takes no word of a shell
  toml`a = ${shellQuote(value)}`,
  // @ts-expect-error -- commands for people
  command`rm ${value}`,
  // @ts-expect-error -- a command for people is of one line
  command`rm ${shellQuote(value)}`,
  // @ts-expect-error -- a value in Markdown
  prose`the site ${value}`,
  // @ts-expect-error -- Markdown takes no string of TOML
  prose`the site ${tomlQuote(value)}`,
  // These do.
  script`echo ${shellQuote(value)} # ${comment(value)}`,
  command`rm ${commandWord(value)}`,
  prose`the site ${markdownCode(value)}`,
]

// @ts-expect-error -- a value in a list
lines([value])
// @ts-expect-error -- values put together
joined([value])

// @ts-expect-error -- a value on its way to a terminal
writeStdout(value)
// @ts-expect-error -- a text of ours with a value in it
writeStdout(`found ${value}\n`)
// @ts-expect-error -- a colour for a value
styled('red', value)
writeStdout(together([styled('red', printableLine(value)), printable('\n')]))
