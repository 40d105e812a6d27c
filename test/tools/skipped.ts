import type { TestProject } from 'vitest/node'
import type { Missing } from './needs.ts'

/** Prints, after all else, which tests were skipped for want of what: nobody is to take a run with half the tests for a whole one. */
export const setup =
  ({ vitest }: TestProject): (() => void) =>
  () => {
    const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()])
    const isWhole = vitest.config.testNamePattern === undefined
    const skipped = tests.filter(
      (test) => test.result().state === 'skipped' && (isWhole || test.meta().missing !== undefined),
    )
    if (skipped.length > 0)
      console.log(
        skippedLine(
          tests.length,
          skipped.map((test) => test.meta().missing ?? []),
        ),
      )
  }

/**
 * One line about skipped tests.
 *
 * @param total - of all tests
 * @param skipped - for each test that was skipped, what it lacked
 */
export const skippedLine = (total: number, skipped: readonly (readonly Missing[])[]): string => {
  const lacking = new Map<string, Map<string, number>>()
  for (const missing of skipped)
    for (const { name, remedy } of missing.length > 0 ? missing : [{ name: 'a reason', remedy: 'the test' }]) {
      const names = lacking.get(remedy) ?? new Map<string, number>()
      lacking.set(remedy, names.set(name, (names.get(name) ?? 0) + 1))
    }
  const wants = [...lacking].map(
    ([remedy, names]) =>
      `${[...names]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, tests]) => `${name} (${tests})`)
        .join(', ')} [${remedy}]`,
  )
  return `${skipped.length} of ${total} tests were skipped, for want of ${wants.join('; ')}`
}
