import stringWidth from 'fast-string-width'
import { printable } from './printable.ts'

/**
 * Rows as columns: each as wide as its widest text on a terminal, two spaces between.
 *
 * @param rows - texts; one with newlines takes several lines
 */
export const columns = (rows: readonly (readonly string[])[]): string => {
  const cells = rows.map((row) => row.map((text) => printable(text).split('\n')))
  const widths: number[] = []
  for (const row of cells)
    row.forEach(
      (lines, column) => (widths[column] = Math.max(widths[column] ?? 0, ...lines.map((line) => stringWidth(line)))),
    )
  return cells
    .flatMap((row) => {
      const height = Math.max(...row.map(({ length }) => length))
      return Array.from({ length: height }, (_, line) =>
        row
          .map((lines, column) => padded(lines[line] ?? '', widths[column] ?? 0))
          .join('  ')
          .trimEnd(),
      )
    })
    .map((line) => `${line}\n`)
    .join('')
}

const padded = (text: string, width: number): string => text + ' '.repeat(width - stringWidth(text))
