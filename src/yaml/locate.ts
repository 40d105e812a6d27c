import { COLLECTION_STYLE, EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml'

/** A stretch of a text, as offsets. */
export interface Range {
  readonly start: number
  readonly end: number
}

interface Place {
  readonly key?: Range
  readonly value: Range
}

export type Locate = (pointer: string, on?: 'key' | 'value') => Range | undefined

/** A JSON pointer's step, escaped (RFC 6901). */
export const pointerStep = (key: string | number): string =>
  `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The keys that a JSON pointer names, unescaped. */
export const pointerKeys = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** `/spec/models/0/expose` as a person writes it: `spec.models[0].expose`. */
export const pointerWords = (pointer: string): string =>
  pointerKeys(pointer).reduce(
    (words, key) => (/^\d+$/.test(key) ? `${words}[${key}]` : words === '' ? key : `${words}.${key}`),
    '',
  )

/**
 * Makes a function that finds where a JSON pointer's value (or key) stands in a YAML text. A pointer to what is not
 * there gives the nearest parent that is. Only used when there is something to report: it parses the text again.
 *
 * @param text - a text that parseYaml accepted
 * @param document - which document of the text, from 0
 */
export const locator = (text: string, document = 0): Locate => {
  let places: Map<string, Place> | undefined
  return (pointer, on = 'value') => {
    places ??= indexPlaces(text, document)
    for (let steps = pointer; ; steps = steps.slice(0, steps.lastIndexOf('/'))) {
      const place = places.get(steps)
      if (place !== undefined) return on === 'key' || steps !== pointer ? (place.key ?? place.value) : place.value
      if (steps === '') return undefined
    }
  }
}

/**
 * The lines of some JSON pointers' values in a YAML text, from 1; those that are not there are left out.
 *
 * @param text - a text that parseYaml accepted
 * @param pointers - few: a fleet's spec has a million places
 */
export const linesOf = (text: string, pointers: Iterable<string>): Map<string, number> => {
  const places = indexPlaces(text, 0, new Set(pointers))
  const starts = lineStarts(text)
  return new Map([...places].map(([pointer, { value }]) => [pointer, lastAtMost(starts, value.start) + 1]))
}

/** Where each line begins, as offsets. */
export const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Index of the last number that is not above a limit, in an ascending list. */
export const lastAtMost = (numbers: readonly number[], limit: number): number => {
  let low = 0
  let high = numbers.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((numbers[middle] ?? 0) <= limit) low = middle
    else high = middle - 1
  }
  return low
}

/** Where everything stands in a document; with `only`, where these pointers stand. */
const indexPlaces = (text: string, wanted: number, only?: ReadonlySet<string>): Map<string, Place> => {
  const places = new Map<string, Place>()
  let events: Event[]
  try {
    events = parseEvents(text, { maxDepth: 100 })
  } catch (error) {
    if (error instanceof YAMLException) return places
    throw error
  }
  let at = 0
  let document = -1

  /** Of a block its first line, of what stands in brackets the bracket. */
  const collection = ({ start, style }: { readonly start: number; readonly style: number }): Range => {
    if (style === COLLECTION_STYLE.FLOW) return { start, end: start + 1 }
    const newline = text.indexOf('\n', start)
    return { start, end: newline === -1 ? text.length : newline }
  }

  const node = (pointer: string, key: Range | undefined): void => {
    const event = events[at++]
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return
    const record = (value: Range) => {
      if (document === wanted && only?.has(pointer) !== false)
        places.set(pointer, key === undefined ? { value } : { key, value })
    }
    switch (event.type) {
      case EVENT_ID.SCALAR:
        // An empty value has no place of its own: its key stands for it.
        record(
          event.valueEnd > event.valueStart
            ? scalarRange(text, event.valueStart, event.valueEnd)
            : (key ?? {
                start: Math.max(event.valueStart, event.tagStart, event.anchorStart, 0),
                end: Math.max(event.valueEnd, event.tagEnd, event.anchorEnd, 0),
              }),
        )
        return
      case EVENT_ID.ALIAS:
        record({ start: event.anchorStart - 1, end: event.anchorEnd })
        return
      case EVENT_ID.SEQUENCE:
        record(collection(event))
        for (let index = 0; events[at] !== undefined && events[at]?.type !== EVENT_ID.POP; index++)
          node(pointer + pointerStep(index), undefined)
        break
      case EVENT_ID.MAPPING:
        record(collection(event))
        while (events[at] !== undefined && events[at]?.type !== EVENT_ID.POP) {
          const keyEvent = events[at]
          if (keyEvent?.type === EVENT_ID.SCALAR) {
            at++
            const name = keyEvent.valueStart < 0 ? '' : getScalarValue(text, keyEvent)
            node(pointer + pointerStep(name), scalarRange(text, keyEvent.valueStart, keyEvent.valueEnd))
          } else {
            node(`${pointer}/?`, undefined)
            node(`${pointer}/?`, undefined)
          }
        }
        break
    }
    at++ // the pop
  }

  while (at < events.length) {
    const event = events[at]
    if (event?.type === EVENT_ID.DOCUMENT) {
      document++
      at++
      if (document > wanted) break
      if (events[at]?.type !== EVENT_ID.POP) node('', undefined)
    }
    at++
  }
  return places
}

/** A scalar's range, its first line only, quotes included. */
const scalarRange = (text: string, start: number, end: number): Range => {
  const quoted = text[start - 1] === '"' || text[start - 1] === "'"
  const newline = text.slice(start, end).search(/[\r\n]/)
  const stop = newline === -1 ? end : start + newline
  return quoted ? { start: start - 1, end: newline === -1 ? stop + 1 : stop } : { start, end: stop }
}
