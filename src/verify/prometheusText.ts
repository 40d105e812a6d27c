import type { Check } from '../probes/probe.ts'

/**
 * The sum of a counter's series in a Prometheus text: those of its name that have its labels. Label order is free, values
 * are floats; NaN counts nothing. Undefined without any such series. Each character is looked at a few times at the most, whatever
 * the text is. Source: facts/model-servers.md, Prometheus text.
 */
export const sumOf = (
  text: string,
  { name, labels, except }: Extract<Check, { readonly is: 'counter' }>,
): number | undefined => {
  let sum: number | undefined
  for (const line of linesOf(text, name)) {
    const end = line.lastIndexOf('}')
    const own = labelsOf(line.slice(0, end + 1))
    const isOurs =
      Object.entries(labels).every(([key, value]) => own.get(key) === value) &&
      (except === undefined || !except.values.includes(own.get(except.label) ?? ''))
    if (!isOurs) continue
    const [first] = (end === -1 ? line.slice(name.length) : line.slice(end + 1)).trim().split(/\s/, 1)
    const value = Number(first)
    sum = (sum ?? 0) + (Number.isNaN(value) ? 0 : value)
  }
  return sum
}

/** The lines of a series, one by one. */
function* linesOf(text: string, name: string): Generator<string> {
  for (let start = 0; start < text.length;) {
    const found = text.indexOf('\n', start)
    const end = found === -1 ? text.length : found
    const after = text[start + name.length]
    if ((after === '{' || after === ' ') && text.startsWith(name, start)) yield text.slice(start, end)
    start = end + 1
  }
}

const nameCharacter = /[a-zA-Z0-9_]/
const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** `name="value"` wherever it stands, in one walk from one quote to the next. */
const labelsOf = (line: string): Map<string, string> => {
  const labels = new Map<string, string>()
  let at = 0
  for (;;) {
    const open = line.indexOf('="', at)
    if (open === -1) return labels
    let start = open
    while (start > at && nameCharacter.test(line[start - 1] ?? '')) start--
    // A name does not begin with a digit: what is behind the digits may be one.
    while (start < open && /\d/.test(line[start] ?? '')) start++
    const key = line.slice(start, open)
    if (!labelName.test(key)) {
      at = open + 2
      continue
    }
    const close = quoteAfter(line, open + 2)
    if (close === -1) return labels
    labels.set(key, line.slice(open + 2, close))
    at = close + 1
  }
}

/** Where a text in quotes ends; backslashes hide what follows them. */
const quoteAfter = (line: string, start: number): number => {
  for (let at = start; at < line.length; at++) {
    const character = line[at]
    if (character === '\\') at++
    else if (character === '"') return at
  }
  return -1
}
