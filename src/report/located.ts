import { type Documents, type Finding, helpOf, type Location, messageOf, type Severity } from '../findings/finding.ts'
import { lastAtMost, lineStarts, type Locate, locator } from '../yaml/locate.ts'

/** A finding with its words and its place, ready for a reporter. */
export interface LocatedFinding {
  readonly code: string
  readonly severity: Severity
  readonly message: string
  readonly help?: string
  readonly file?: string
  /** From 1. */
  readonly line?: number
  /** From 1, in characters. */
  readonly column?: number
  readonly pointer?: string
  /** The line itself, and how many of its characters are meant. */
  readonly source?: { readonly text: string; readonly length: number }
}

/**
 * Finds the lines and columns of findings, in the order of their places: files as they come, lines from the top. A line that a
 * secret stands in is shown with none of them.
 *
 * @param findings - in any order
 * @param documents - the texts that they point into
 */
export const locateFindings = (findings: readonly Finding[], documents: Documents): LocatedFinding[] => {
  const finder = placeFinder(documents)
  const located = findings.map((found): LocatedFinding => {
    const help = helpOf(found)
    return {
      code: found.code,
      severity: found.severity,
      message: messageOf(found),
      ...(help === undefined ? {} : { help }),
      ...(found.at === undefined ? {} : { pointer: found.at.pointer, ...finder(found.at) }),
    }
  })
  const lineOf = ({ file = '', line = 0 }: LocatedFinding) => `${line} ${file}`
  const secret = new Set(located.filter((_, index) => findings[index]?.at?.secret === true).map(lineOf))
  const files = [...new Set(located.map(({ file }) => file))]
  const order = new Map(files.map((file, index) => [file, index]))
  return located
    .map(({ source, ...found }) => (source === undefined || secret.has(lineOf(found)) ? found : { ...found, source }))
    .sort(
      (a, b) =>
        (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) ||
        (a.line ?? 0) - (b.line ?? 0) ||
        (a.column ?? 0) - (b.column ?? 0),
    )
}

interface Place {
  readonly file: string
  readonly line?: number
  readonly column?: number
  readonly source?: { readonly text: string; readonly length: number }
}

const placeFinder = (documents: Documents) => {
  const texts = new Map<string, { text: string; starts: number[]; locators: Map<number, Locate> } | undefined>()
  const open = (at: Location, file: string) => {
    if (!texts.has(file)) {
      const text = documents.text(at)
      texts.set(file, text === undefined ? undefined : { text, starts: lineStarts(text), locators: new Map() })
    }
    return texts.get(file)
  }
  return (at: Location): Place => {
    const file = documents.name(at)
    const opened = open(at, file)
    if (opened === undefined) return { file }
    const { text, starts, locators } = opened
    const document = at.document ?? 0
    const locate = locators.get(document) ?? locator(text, document)
    locators.set(document, locate)
    const range = at.offset === undefined ? locate(at.pointer, at.on) : { start: at.offset, end: at.offset + 1 }
    if (range === undefined) return { file }
    const index = lastAtMost(starts, range.start)
    const start = starts[index] ?? 0
    const line = text.slice(start, lineEnd(text, starts[index + 1]))
    const length = Math.max(1, Math.min(range.end - range.start, line.length - (range.start - start)))
    const place = { file, line: index + 1, column: range.start - start + 1 }
    return at.secret === true ? place : { ...place, source: { text: line, length } }
  }
}

/** Where a line ends that the next one begins behind; nobody looks for it again, however many findings a line has. */
const lineEnd = (text: string, next = text.length + 1): number => {
  const stop = next - 1
  return text[stop - 1] === '\r' ? stop - 1 : stop
}
