import { expect, it } from 'vitest'
import { run } from '../../../src/tools/run.ts'

it('a program has ended when it ends, though what it started keeps its pipes open', async () => {
  const { status, stdout, stderr } = await run('sh', ['-c', 'sleep 50 & echo $!; echo said >&2'], {
    timeout: 40_000,
    largest: 100,
  })
  process.kill(Number(stdout))
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'said\n' })
})

it('a program that writes without end is ended, and so is one that takes too long', async () => {
  expect(await run('yes', [], { timeout: 40_000, largest: 100 })).toMatchObject({ status: null, tooLarge: true })
  expect(await run('sleep', ['50'], { timeout: 50, largest: 100 })).toMatchObject({ status: null, timedOut: true })
})
