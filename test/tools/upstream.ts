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

/**
 * Whether tests that need the real payloads have to be skipped, said aloud:
 * `describe.skipIf(upstreamIsAbsent("what the tests check"))(…)`.
 *
 * @param what - the tests, in words for the line on stderr.
 * @returns false where the payloads are there; true, after a line on stderr, where they are not.
 * @throws where they are absent and `CI` is set: a pipeline must not pass on tests that it never ran.
 */
export function upstreamIsAbsent(what: string): boolean {
  if (upstreamDirectory !== undefined) return false
  const problem = `${what}: ../shared/upstream is absent`
  if (process.env['CI']) throw new Error(`${problem} (looked for ${expected}), and CI is set`)
  process.stderr.write(`SKIPPED: ${problem}\n`)
  return true
}
