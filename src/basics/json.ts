/**
 * What a JSON text means.
 *
 * @param text - bytes must be UTF-8 from end to end
 * @returns undefined when it is no JSON, or there is none
 */
export const parseJson = (text: string | Uint8Array | undefined): unknown => {
  try {
    return text === undefined
      ? undefined
      : JSON.parse(typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text))
  } catch {
    return undefined
  }
}
