import type { Printable } from './printable.ts'

let isWatched = false
let isGone = false

/**
 * Writes a message for people to standard error. That nobody takes it, or that the disk behind it is full, changes nothing of
 * what a command does: its exit status is that of its work. The stream is opened at the first write. Commands write to it here
 * alone.
 */
export const writeStderr = (text: Printable): void => write(text)

/** Puts a text in place of the line that stands there: for a terminal. */
export const replaceLine = (text: Printable | ''): void => write(`\r\u001b[K${text}`)

const write = (text: string): void => {
  if (!isWatched) {
    isWatched = true
    process.stderr.on('error', () => (isGone = true))
  }
  if (!isGone) process.stderr.write(text)
}
