import { spawnSync } from 'node:child_process'

/**
 * Whether tests have to be skipped because a program is missing, said aloud: `describe.skipIf(areMissing('haproxy'))(…)`.
 * test/tools/debian.sh installs them all.
 *
 * @throws where one is missing and `CI` is set: a pipeline must not pass on tests that it never ran
 */
export const areMissing = (...programs: readonly string[]): boolean => {
  const missing = programs.filter((program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0)
  if (missing.length === 0) return false
  const problem = `${missing.join(', ')} not installed; sh test/tools/debian.sh installs what the tests need`
  if (process.env['CI']) throw new Error(`${problem}, and CI is set`)
  process.stderr.write(`SKIPPED: ${problem}\n`)
  return true
}
