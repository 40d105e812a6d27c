/** How deep maps and lists may stand in each other: what is deeper means nothing, and ends who walks it. */
const mostDeep = 100

/**
 * What a JSON text means.
 *
 * @param text - bytes must be UTF-8 from end to end
 * @param mostParts - how many maps and lists may be in it: each takes many times the bytes of its text
 * @returns undefined when it is no JSON, is deeper than 100 levels, has more parts, or there is none
 */
export const parseJson = (text: string | Uint8Array | undefined, mostParts = Infinity): unknown => {
  if (text === undefined) return undefined
  try {
    const characters = typeof text === 'string' ? text : new TextDecoder('utf-8', { fatal: true }).decode(text)
    return hasFewBrackets(characters) || isWithin(characters, mostParts) ? JSON.parse(characters) : undefined
  } catch {
    return undefined
  }
}

/** Most texts: no depth to look for. */
const hasFewBrackets = (text: string): boolean => {
  let count = 0
  for (const bracket of '[{')
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1))
      if (++count > mostDeep) return false
  return true
}

const [quote, backslash, list, map, listEnd, mapEnd] = [0x22, 0x5c, 0x5b, 0x7b, 0x5d, 0x7d]

const isWithin = (text: string, mostParts: number): boolean => {
  let depth = 0
  let parts = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const character = text.charCodeAt(at)
    if (inString) {
      if (character === backslash) at++
      else if (character === quote) inString = false
    } else if (character === quote) inString = true
    else if (character === list || character === map) {
      if (++depth > mostDeep || ++parts > mostParts) return false
    } else if (character === listEnd || character === mapEnd) depth--
  }
  return true
}
