/**
 * What no eye sees, or what changes how the text around it is seen: control characters (C0, DEL, C1), format characters (those
 * that turn a text round, of no width, tags), separators of lines and paragraphs, and halves of surrogate pairs.
 */
const hidden = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u
const everyHidden = new RegExp(hidden, 'gu')

/** Whether a text holds what no eye sees. */
export const hasHidden = (text: string): boolean => hidden.test(text)

/**
 * Replaces what no eye sees.
 *
 * @param text - any text
 * @param replace - what comes in the place of such a character
 */
export const replaceHidden = (text: string, replace: (character: string) => string): string =>
  hidden.test(text) ? text.replaceAll(everyHidden, replace) : text

/** Writes what no eye sees as escapes: `\u001b`, `\u{e0041}`. The text is then of one line. */
export const visible = (text: string): string => replaceHidden(text, escaped)

const escaped = (character: string): string => {
  const code = character.codePointAt(0)?.toString(16) ?? ''
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}
