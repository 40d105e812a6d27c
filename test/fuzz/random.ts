/** Numbers that follow from a seed: the same seed, the same inputs. */
export interface Random {
  /** A whole number from 0, less than `end`. */
  readonly below: (end: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** mulberry32. */
export const makeRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(next() * end)
  return { below, pick: <T>(from: readonly T[]): T => from[below(from.length)] as T }
}
