import type { Comment, CommandWord, Line, MarkdownCode, MarkdownText, Quoted, ShellWord, TomlString } from './quote.ts'

/** Instructions of a Containerfile, whole lines. */
export type Instructions = Quoted<'instructions of a Containerfile'>
/** Lines of a shell script. */
export type Script = Quoted<'a shell script'>
/** Lines of a kickstart file. */
export type Kickstart = Quoted<'a kickstart file'>
/** A command for people, of one line. */
export type Command = Quoted<'a command'>
/** Lines of TOML. */
export type Toml = Quoted<'TOML'>
/** A list, one thing a line. */
export type Lines = Quoted<'lines'>
/** Markdown: prose, or a whole document. */
export type Markdown = Quoted<'Markdown'>

/** What a template may be given: texts that were quoted, and what holds no text. */
export interface View {
  readonly [field: string]: Field | undefined
}
type Field = Quoted | number | boolean | View | readonly (Quoted | number | View)[]

/** A template as the build compiles it. */
export interface CompiledTemplate {
  readonly [compiledTemplate]: true
}
declare const compiledTemplate: unique symbol

/**
 * Gives a template its type: what it takes, each text in the form of its place, and what it makes. A field of type `string`
 * is no view, so that an unquoted value does not compile.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- who imports a template names both.
export const template = <Takes extends View, Makes extends Quoted>(compiled: CompiledTemplate) =>
  compiled as unknown as (view: Takes) => Makes

/** A writer of literals: our own words, with texts between them that were quoted for this language. */
type Writer<Takes extends Quoted, Makes extends Quoted> = (
  words: TemplateStringsArray,
  ...values: readonly (Takes | Makes | number)[]
) => Makes

const literal = (words: TemplateStringsArray, ...values: readonly (Quoted | number)[]): string =>
  String.raw({ raw: words }, ...values)

export const script = literal as Writer<ShellWord | Comment, Script>
export const command = literal as Writer<CommandWord, Command>
export const toml = literal as Writer<TomlString | Comment, Toml>
export const prose = literal as Writer<MarkdownText | MarkdownCode, Markdown>

/** Puts lines or parts together. */
export const joined = <Makes extends Quoted>(parts: readonly Makes[], separator: '' | '\n' | ' ' | ', ' = ''): Makes =>
  parts.join(separator) as Makes

/** Writes a list: each line with its end. */
export const lines = (all: readonly Line[]): Lines => all.map((line) => `${line}\n`).join('') as Lines
