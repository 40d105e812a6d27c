/**
 * Makes a text safe to show on a terminal: control characters (which could move the cursor or change its colours, or turn
 * the text around) are written as escapes.
 */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (character) =>
    character === '\n' ? character : `\\u${character.codePointAt(0)?.toString(16).padStart(4, '0')}`,
  )
