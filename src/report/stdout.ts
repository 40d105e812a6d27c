import { CommandError, fileError } from '../errors.ts'
import { printable, type Printable } from './printable.ts'

let isWatched = false

/**
 * Writes a command's data to standard output. Whoever reads it may stop early (`edge images … | head`): that is no error. The
 * stream is opened at the first write: a command that writes files never pays for it. Commands write to it here alone.
 */
export const writeStdout = (text: Printable): void => {
  if (!isWatched) {
    isWatched = true
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0)
      const known = fileError(error, 'cannot write to standard output')
      if (!(known instanceof CommandError)) throw error
      process.stderr.write(`edge: ${printable(known.message)}\n`)
      process.exit(known.exitStatus)
    })
  }
  process.stdout.write(text)
}
