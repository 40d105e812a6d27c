import { CommandError, fileError } from '../errors.ts'
import { printable, type Printable } from './printable.ts'
import { writeStderr } from './stderr.ts'

let isWatched = false
let isGone = false

/**
 * Writes a command's data to standard output. Whoever reads it may stop early (`edge verify … | head`): that is no error, and
 * what the command does goes on to its end, since its exit status and its files are those of the whole. The stream is opened at
 * the first write: a command that writes files never pays for it. Commands write to it here alone.
 */
export const writeStdout = (text: Printable): void => {
  if (!isWatched) {
    isWatched = true
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (isGone) return
      isGone = true
      if (error.code === 'EPIPE') return
      const known = fileError(error, 'cannot write to standard output')
      if (!(known instanceof CommandError)) throw error
      writeStderr(printable(`edge: ${known.message}\n`))
      process.exit(known.exitStatus)
    })
  }
  if (!isGone) process.stdout.write(text)
}
