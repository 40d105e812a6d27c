import { describe, expect, test } from 'vitest'
import { loadTargets, seedsOf } from './load.mjs'

/** Changed inputs for each target: what takes longer is `npm run fuzz`. */
const few = 10
const seed = 20_261_121

const { targets, mutate, makeRandom, problemOf } = await loadTargets()

describe('text from elsewhere ends in words, never in a defect, and shows nothing that no eye sees', () => {
  test.each(targets)('$name', async (target) => {
    const seeds = await seedsOf(target)
    for (const { name, bytes } of seeds) expect(await problemOf(target, bytes), name).toBeUndefined()
    const random = makeRandom(seed)
    for (let round = 1; round <= few; round++) {
      const input = mutate(random.pick(seeds).bytes, random.pick(seeds).bytes, random)
      expect(await problemOf(target, input), `change ${round}: ${input.toString('latin1', 0, 2000)}`).toBeUndefined()
    }
  })
})
