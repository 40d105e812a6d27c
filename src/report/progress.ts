import { printable } from './printable.ts'
import { log, shows, type Terminal } from './log.ts'
import { replaceLine } from './stderr.ts'

/** How far a command that takes long has come. */
export interface Progress {
  /** One more is done; what it was is a line of its own where nobody looks on. */
  readonly step: (line: string) => void
  /** Takes the line away. */
  readonly end: () => void
}

/**
 * Shows progress on standard error: one line that changes on a terminal, a line each elsewhere.
 *
 * @param what - as in `asked 3 of 12`
 * @param total - how many there are
 */
export const showProgress = (terminal: Terminal, what: string, total: number): Progress => {
  let done = 0
  const isShown = process.stderr.isTTY && shows(terminal, 'info')
  const draw = () => replaceLine(printable(`${what} ${done} of ${total}`))
  if (isShown) draw()
  return {
    step: (line) => {
      done++
      if (isShown) draw()
      else log(terminal, 'info', `${what} ${done} of ${total}: ${printable(line)}`)
    },
    end: () => {
      if (isShown) replaceLine('')
    },
  }
}
