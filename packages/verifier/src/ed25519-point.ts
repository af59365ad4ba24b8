import { bytesToHex } from '@noble/hashes/utils.js'

const prime = 2n ** 255n - 19n
const yOfOrderEight = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
/** The y of the points whose order divides 8: whoever has one as a key has a signature of everything that needs no secret. */
const smallOrder = new Set([0n, 1n, prime - 1n, yOfOrderEight, prime - yOfOrderEight])

/** Whether 32 bytes can be a key, or the R of a signature, that all engines judge alike: y in its only form, and no point of small order. */
export function isEd25519Point(bytes: Uint8Array): boolean {
  if (bytes.length !== 32) return false
  const y = BigInt(`0x${bytesToHex(bytes.toReversed())}`) & (2n ** 255n - 1n)
  return y < prime && !smallOrder.has(y)
}
