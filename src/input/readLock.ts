import type { Finding } from '../findings/finding.ts'
import type { Lock } from '../oci/lock.ts'
import { parseLock } from '../oci/parseLock.ts'
import { readText } from './readText.ts'

/** A lock with its text, which findings point into. */
export interface ReadLock {
  readonly text: string
  readonly lock: Lock
  readonly findings: readonly Finding[]
}

/**
 * Reads a lock.
 *
 * @throws InputError, EnvironmentError for a file that cannot be read; what is wrong in it comes as findings
 */
export const readLock = (path: string): ReadLock => {
  const text = readText(path)
  return { text, ...parseLock(text) }
}
