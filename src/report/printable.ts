import { replaceHidden, visible } from '../basics/visible.ts'

declare const shown: unique symbol

/** A text that a terminal shows as it is: what no eye sees is written as escapes, and colours are ours alone. */
export type Printable = string & { readonly [shown]: true }

/** Makes a text of several lines safe to show on a terminal, whose cursor, colours and direction others' characters could change. */
export const printable = (text: string): Printable =>
  replaceHidden(text, (character) => (character === '\n' ? character : visible(character))) as Printable

/** The same for a text that must stay on its line: it forges no other. */
export const printableLine = (text: string): Printable => visible(text) as Printable
