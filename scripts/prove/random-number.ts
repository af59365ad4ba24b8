/** The same numbers for the same seed, on every machine; fast, and for tests only. */
export type RandomNumber = {
  /** An integer from 0 up to, not including, `limit`. */
  below: (limit: number) => number
  pick: <T>(choices: readonly T[]) => T
}

/** mulberry32 by Tommy Ettinger: 32 bits of state, no pattern that a mutated text could notice. */
export function createRandomNumber(seed: number): RandomNumber {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return { below, pick: (choices) => choices[below(choices.length)]! }
}
