import stringWidth from 'fast-string-width'
import { printable, type Printable } from './printable.ts'

/**
 * Rows as columns: each as wide as its widest text on a terminal, two spaces between.
 *
 * @param rows - texts; one with newlines takes several lines
 */
export const columns = (rows: readonly (readonly string[])[]): Printable => {
  const cells = rows.map((row) => row.map((text) => printable(text).split('\n')))
  const widths: number[] = []
  for (const row of cells)
    row.forEach(
      (lines, column) => (widths[column] = Math.max(widths[column] ?? 0, ...lines.map((line) => stringWidth(line)))),
    )
  const lines = cells.flatMap((row) => {
    const height = Math.max(...row.map(({ length }) => length))
    return Array.from({ length: height }, (_, line) =>
      row
        .map((texts, column) => padded(texts[line] ?? '', widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  })
  return printable(lines.map((line) => `${line}\n`).join(''))
}

const padded = (text: string, width: number): string => text + ' '.repeat(width - stringWidth(text))
