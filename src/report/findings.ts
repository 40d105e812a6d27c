import type { Documents, Finding } from '../findings/finding.ts'
import { locateFindings } from './located.ts'
import { type Terminal, shows } from './log.ts'
import { printable } from './printable.ts'
import { writeStderr } from './stderr.ts'
import { reportText } from './text.ts'

/** More on a terminal helps nobody; `edge validate --format json` has them all. */
const mostShown = 100

/** Prints findings to standard error, for commands whose result is something else. */
export const printFindings = (findings: readonly Finding[], documents: Documents, terminal: Terminal): void => {
  const shown = locateFindings(findings, documents).filter(({ severity }) => shows(terminal, severity))
  writeStderr(reportText(shown.slice(0, mostShown), terminal.colour.stderr))
  if (shown.length > mostShown) writeStderr(printable(`and ${shown.length - mostShown} more\n`))
}

/** `2 errors, 1 warning` */
export const countFindings = (findings: readonly Finding[]): string => {
  const count = (severity: string) => findings.filter((found) => found.severity === severity).length
  const noun = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  return `${noun(count('error'), 'error')}, ${noun(count('warning'), 'warning')}`
}
