import { expect, test } from 'vitest'
import { skippedLine } from './tools/skipped.ts'

test('the line after the tests says how many were skipped, for want of what, and where that comes from', () => {
  const debian = (name: string) => ({ name, remedy: 'sh test/tools/debian.sh' })
  const root = { name: 'root', remedy: 'the user' }
  expect(skippedLine(9, [[debian('jq'), debian('curl')], [debian('jq'), root], [], [root]])).toBe(
    '4 of 9 tests were skipped, for want of curl (1), jq (2) [sh test/tools/debian.sh]; root (2) [the user]; a reason (1) [the test]',
  )
})
