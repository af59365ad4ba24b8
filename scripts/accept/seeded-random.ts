import { createHash } from 'node:crypto'

/** The same for the same seed, on every machine; nothing of it stands in the repository. */
export type SeededRandom = {
  bytes: (count: number) => Buffer
  /** From 0 up to, not including, `limit`. */
  below: (limit: number) => number
  /** `count` characters of `alphabet`. */
  text: (count: number, alphabet: string) => string
  /** A word that no dictionary has, such as `tovirela`. */
  word: () => string
}

export function createSeededRandom(seed: string): SeededRandom {
  let block = Buffer.alloc(0)
  let counter = 0
  const bytes = (count: number): Buffer => {
    while (block.length < count) block = Buffer.concat([block, createHash('sha256').update(`acceptance ${seed} ${counter++}`).digest()])
    const taken = block.subarray(0, count)
    block = block.subarray(count)
    return taken
  }
  const below = (limit: number): number => bytes(4).readUInt32BE() % limit
  const text = (count: number, alphabet: string): string => Array.from({ length: count }, () => alphabet[below(alphabet.length)]).join('')
  const syllable = (): string => text(1, 'bdfgklmnprstvz') + text(1, 'aeiou')
  return { bytes, below, text, word: () => syllable() + syllable() + syllable() + syllable() }
}
