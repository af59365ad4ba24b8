import { toHashBytes } from './payload-hash.ts'
import { sealWords } from './seal-words.ts'

/**
 * Five words for the first 55 bits of a SHA-256 (64 lower-case hex digits), from the 2,048 words of BIP-39 English, joined by hyphens.
 * A recognition aid for people, the same on every screen: two seals that differ mean different bytes; two that are equal prove nothing.
 * Machines compare whole hashes. Throws TypeError for anything that is not a hash.
 */
export function seal(hashHex: string): string {
  const bytes = toHashBytes(hashHex)
  const words: string[] = []
  let bits = 0
  let bitCount = 0
  for (const byte of bytes.subarray(0, 7)) {
    bits = (bits << 8) | byte
    bitCount += 8
    if (bitCount >= 11) {
      bitCount -= 11
      words.push(sealWords[bits >> bitCount]!)
      bits &= (1 << bitCount) - 1
    }
  }
  return words.join('-')
}
