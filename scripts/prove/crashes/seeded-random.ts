/** Numbers that follow from a seed alone, so that a round can be run again. */
export type SeededRandom = {
  /** 0 ≤ n < limit. */
  below: (limit: number) => number
  shuffle: <T>(items: readonly T[]) => T[]
}

/** mulberry32: good enough to choose moments with, and nothing else. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit
  }
  return {
    below,
    shuffle(items) {
      const shuffled = [...items]
      for (let place = shuffled.length - 1; place > 0; place -= 1) {
        const other = below(place + 1)
        ;[shuffled[place], shuffled[other]] = [shuffled[other]!, shuffled[place]!]
      }
      return shuffled
    },
  }
}
