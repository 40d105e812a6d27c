import { styleText } from 'node:util'
import type { LocatedFinding } from './located.ts'
import { printable } from './printable.ts'

/** Widest line of a source that is shown whole; of a longer one, the part around the caret. */
const widest = 120

/**
 * Findings for people: what, where with the line and a caret, what to do.
 *
 * @param findings - in the order in which they are printed
 * @param colour - whether the terminal shows colours
 */
export const reportText = (findings: readonly LocatedFinding[], colour: boolean): string =>
  findings.map((found) => `${one(found, colour)}\n`).join('')

const one = (
  { code, severity, message, help, file, line, column, source }: LocatedFinding,
  colour: boolean,
): string => {
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(format, text, { validateStream: false }) : text
  const place = file === undefined ? '' : `${printable(file)}${line === undefined ? '' : `:${line}:${column}`}: `
  const head = `${style('bold', place)}${style(severity === 'error' ? 'red' : 'yellow', severity)}: ${printable(message)} [${code}]`
  const excerpt = source === undefined || line === undefined || column === undefined ? [] : caret(source, line, column)
  const advice =
    help === undefined
      ? []
      : help.split('\n').map((text, index) => `  ${index === 0 ? style('cyan', 'help:') : '     '} ${printable(text)}`)
  return [head, ...excerpt, ...advice].join('\n')
}

const caret = ({ text, length }: NonNullable<LocatedFinding['source']>, line: number, column: number): string[] => {
  const from = text.length <= widest ? 0 : Math.max(0, column - 1 - widest / 2)
  // A tab is one character wide here, as in the column.
  const shown = printable(text.slice(from, from + widest).replaceAll('\t', ' '))
  const before = printable(text.slice(from, column - 1).replaceAll('\t', ' ')).length
  const number = String(line)
  return [
    `  ${number} | ${shown}`,
    `  ${' '.repeat(number.length)} | ${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(length, widest - before)))}`,
  ]
}
