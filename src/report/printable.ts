import { styleText } from 'node:util'
import { replaceHidden, visible } from '../basics/visible.ts'

declare const shown: unique symbol

/** A text that a terminal shows as it is: what no eye sees is written as escapes, and colours are ours alone. */
export type Printable = string & { readonly [shown]: true }

/** Makes a text of several lines safe to show on a terminal, whose cursor, colours and direction others' characters could change. */
export const printable = (text: string): Printable =>
  replaceHidden(text, (character) => (character === '\n' ? character : visible(character))) as Printable

/** The same for a text that must stay on its line: it forges no other. */
export const printableLine = (text: string): Printable => visible(text) as Printable

/** Gives a text one of our colours. */
export const styled = (format: Parameters<typeof styleText>[0], text: Printable): Printable =>
  styleText(format, text, { validateStream: false }) as Printable

/** Puts texts that can be shown together. */
export const together = (texts: readonly Printable[], separator: '' | '\n' = ''): Printable =>
  texts.join(separator) as Printable

/**
 * A value as JSON in which all can be seen: what no eye sees is an escape of JSON's own, so that readers have the same value.
 *
 * @param indent - spaces for each level; one line without
 */
export const printableJson = (value: unknown, indent?: number): Printable =>
  replaceHidden(JSON.stringify(value, undefined, indent), (character) =>
    character === '\n'
      ? character
      : Array.from(
          { length: character.length },
          (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
        ).join(''),
  ) as Printable
