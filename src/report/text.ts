import type { LocatedFinding } from './located.ts'
import { printable, type Printable, printableLine, styled, together } from './printable.ts'

/** Widest line of a source that is shown whole; of a longer one, the part around the caret. */
const widest = 120

/**
 * Findings for people: what, where with the line and a caret, what to do.
 *
 * @param findings - in the order in which they are printed
 * @param colour - whether the terminal shows colours
 */
export const reportText = (findings: readonly LocatedFinding[], colour: boolean): Printable =>
  together(findings.flatMap((found) => [one(found, colour), printable('\n')]))

const one = (
  { code, severity, message, help, file, line, column, source }: LocatedFinding,
  colour: boolean,
): Printable => {
  const style = (format: Parameters<typeof styled>[0], text: Printable) => (colour ? styled(format, text) : text)
  const words = (text: string) => printableLine(text)
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}:${column}`}: `
  const head = together([
    style('bold', words(place)),
    style(severity === 'error' ? 'red' : 'yellow', words(severity)),
    words(`: ${message} [${code}]`),
  ])
  const excerpt = source === undefined || line === undefined || column === undefined ? [] : caret(source, line, column)
  const advice =
    help === undefined
      ? []
      : help
          .split('\n')
          .map((text, index) =>
            together([words('  '), index === 0 ? style('cyan', words('help:')) : words('     '), words(` ${text}`)]),
          )
  return together([head, ...excerpt, ...advice], '\n')
}

const caret = ({ text, length }: NonNullable<LocatedFinding['source']>, line: number, column: number): Printable[] => {
  const from = text.length <= widest ? 0 : Math.max(0, column - 1 - widest / 2)
  // A tab is one character wide here, as in the column.
  const shown = printableLine(text.slice(from, from + widest).replaceAll('\t', ' '))
  const before = printableLine(text.slice(from, column - 1).replaceAll('\t', ' ')).length
  const number = String(line)
  return [
    printableLine(`  ${number} | ${shown}`),
    printableLine(
      `  ${' '.repeat(number.length)} | ${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(length, widest - before)))}`,
    ),
  ]
}
