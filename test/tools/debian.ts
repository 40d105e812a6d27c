import { spawnSync } from 'node:child_process'

/**
 * Whether tests have to be skipped because a program is missing; test/tools/debian.sh installs them all.
 *
 * @param programs - names of programs
 * @throws when `CI` is set there: a pipeline must not pass on tests that it never ran
 */
export const areMissing = (...programs: readonly string[]): boolean => {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0)
  if (missing.length === 0) return false
  const message = `not installed: ${missing.join(', ')} (test/tools/debian.sh installs what the tests run)`
  if (process.env['CI']) throw new Error(`${message}, and CI is set`)
  process.stderr.write(`SKIPPED: ${message}\n`)
  return true
}
