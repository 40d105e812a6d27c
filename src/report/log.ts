import { printable } from './printable.ts'
import { writeStderr } from './stderr.ts'

export const logLevels = ['error', 'warning', 'info', 'debug'] as const
export type LogLevel = (typeof logLevels)[number]

/** Messages for people, on standard error. Set once, by the options that all commands share. */
export interface Terminal {
  readonly level: LogLevel
  /** Whether standard error and standard output show colours. */
  readonly colour: { readonly stderr: boolean; readonly stdout: boolean }
}

/**
 * Reads the options that all commands share.
 *
 * @param options - `--no-color`, `--log-level`, `--debug`
 */
export const makeTerminal = (options: {
  readonly color: boolean
  readonly logLevel: LogLevel
  readonly debug?: boolean
}): Terminal => {
  // NO_COLOR counts when it is set and not empty: https://no-color.org
  const wanted = options.color && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb'
  return {
    level: options.debug === true ? 'debug' : options.logLevel,
    // Asked when something is printed: opening a stream costs more than most commands do with it.
    colour: {
      get stderr() {
        return wanted && process.stderr.isTTY
      },
      get stdout() {
        return wanted && process.stdout.isTTY
      },
    },
  }
}

/** Whether messages of a level are shown. */
export const shows = ({ level }: Terminal, wanted: LogLevel): boolean =>
  logLevels.indexOf(wanted) <= logLevels.indexOf(level)

/** Writes a message to standard error, if its level is shown. */
export const log = (terminal: Terminal, level: LogLevel, message: string): void => {
  if (shows(terminal, level)) writeStderr(printable(`${message}\n`))
}
