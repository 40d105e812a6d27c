import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { projectRoot } from './root.ts'

const expected = resolve(projectRoot, '../shared/upstream')

/** The folder of real payloads, one folder a MicroShift release, or undefined where it is absent (outside our workshop). */
export const upstreamDirectory: string | undefined = existsSync(expected) ? expected : undefined

/**
 * The releases in {@link upstreamDirectory}, oldest first: the folders that hold a `usr/`.
 * Empty where the folder is absent, so that a skipped `describe` may still loop over it.
 */
export function upstreamReleases(): string[] {
  if (upstreamDirectory === undefined) return []
  const directory = upstreamDirectory
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'usr')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
}

/**
 * The payload tree of one upstream release: the folder that holds its `usr/`.
 * Gives a path even where the payloads are absent, since vitest runs the body of a skipped `describe` too.
 */
export function upstreamPayload(release: string): string {
  return join(expected, release)
}
