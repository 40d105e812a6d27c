import { hasHidden, replaceHidden, visible } from '../basics/visible.ts'

declare const language: unique symbol

/**
 * A text in the form that a place of a language takes. Only the functions of this file (and the writers of write.ts, which
 * put such texts together) make one: what nobody quoted does not compile into a file.
 */
export type Quoted<Place extends string = string> = string & { readonly [language]: Place }

/** A word of a shell script. */
export type ShellWord = Quoted<'a word of a shell script'>
/** A word of a command for people: one line of bash, in which all can be seen. */
export type CommandWord = Quoted<'a word of a command'>
/** A word of a RUN instruction: one line. */
export type RunWord = Quoted<'a word of RUN'>
/** The arguments of an instruction in its JSON form. */
export type ContainerfileWords = Quoted<'arguments of an instruction'>
/** The value of an ARG, ENV or LABEL. */
export type ContainerfileValue = Quoted<'a value of a Containerfile'>
/** A part of a comment that begins with `#`, after words of ours. */
export type Comment = Quoted<'a comment'>
/** A basic string of TOML. */
export type TomlString = Quoted<'a string of TOML'>
/** Inline code, in a table of Markdown or out of it. */
export type MarkdownCode = Quoted<'code in Markdown'>
/** Prose that Markdown takes for nothing else, after words of ours. */
export type MarkdownText = Quoted<'prose in Markdown'>
/** One line of a list. */
export type Line = Quoted<'a line'>

/**
 * Quotes a text for a POSIX shell: one word, whatever is in it.
 *
 * @param text - without NUL, which no argument can hold
 */
export const shellQuote = (text: string): ShellWord =>
  (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`) as ShellWord

/**
 * Quotes a text for a command that people read and paste: one line, what no eye sees as octal escapes of its UTF-8 (bash, zsh,
 * ksh and busybox know `$'…'`).
 *
 * @param text - without NUL
 */
export const commandWord = (text: string): CommandWord =>
  (hasHidden(text) ? `$'${replaceHidden(text.replaceAll(/[\\']/g, '\\$&'), octal)}'` : shellQuote(text)) as CommandWord

const octal = (character: string): string =>
  Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')

/**
 * Quotes a text for the shell of a RUN instruction, where a line end would end the instruction.
 *
 * @param text - of one line: the plan refuses others
 */
export const runWord = (text: string): RunWord => shellQuote(oneLine(text)) as string as RunWord

/**
 * Writes the arguments of an instruction of a Containerfile in its JSON form: no shell and no variable is between them and
 * what they are for. `<` is escaped, since newer builders look for here-documents first.
 */
export const containerfileWords = (words: readonly string[]): ContainerfileWords =>
  `[${words.map((word) => jsonString(word).replaceAll('<', '\\u003c')).join(', ')}]` as ContainerfileWords

/**
 * Quotes the value of an ARG, ENV or LABEL of a Containerfile: the builder expands nothing in it.
 *
 * @param text - of one line: the plan refuses others
 */
export const containerfileValue = (text: string): ContainerfileValue =>
  `"${oneLine(text).replaceAll(/["\\$]/g, '\\$&')}"` as ContainerfileValue

/** Quotes a text for a comment: it stays on its line, with what no eye sees as escapes. */
export const comment = (text: string): Comment => visible(text) as Comment

/** Quotes a text as a basic string of TOML, which knows no halves of surrogate pairs. */
export const tomlQuote = (text: string): TomlString =>
  replaceHidden(JSON.stringify(text.replaceAll(/\p{Cs}/gu, '\ufffd')), (character) => {
    const code = character.codePointAt(0) ?? 0
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : unitEscape(code)
  }) as TomlString

/** Quotes a text as inline code in Markdown, inside a table or out of it: one line. */
export const markdownCode = (text: string): MarkdownCode => {
  const line = visible(text.replaceAll(/\s+/g, ' '))
  // A pipe ends a cell of a table also in code, and readers do not agree on what a backslash before it does.
  if (line.includes('|')) return `<code>${line.replaceAll(/[!-/:-@[-`{-~]/g, entity)}</code>` as MarkdownCode
  if (line.trim() === '') return '` `' as MarkdownCode
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return (longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`) as MarkdownCode
}

const entity = (character: string): string => `&#${character.charCodeAt(0)};`

/**
 * Quotes a text as prose in Markdown, behind words of ours and inside a table or out of it: one line, without emphasis, code,
 * markup, links and addresses that readers make links of.
 */
export const markdownText = (text: string): MarkdownText =>
  visible(text.replaceAll(/\s+/g, ' '))
    .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|[\\`*{}[\]<>&#~$^!|@]|:(?=\/\/)/gu, '\\$&')
    .replaceAll('\\|', '&#124;')
    .replaceAll(/\bwww\./gi, (start) => `${start.slice(0, -1)}\\.`) as MarkdownText

/** Makes a text a line of a list: what would end the line, and what no eye sees, is an escape. */
export const line = (text: string): Line => visible(text) as Line

/** JSON in which all can be seen. */
const jsonString = (text: string): string =>
  replaceHidden(JSON.stringify(text), (character) =>
    Array.from({ length: character.length }, (_, index) => unitEscape(character.charCodeAt(index))).join(''),
  )

const unitEscape = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

const oneLine = (text: string): string => {
  if (hasHidden(text)) throw new Error(`a value of a Containerfile holds a control character: ${JSON.stringify(text)}`)
  return text
}
