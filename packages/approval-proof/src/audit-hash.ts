import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { canonicalize } from './canonical-json.ts'
import { toHashBytes, toUtf8 } from './payload-hash.ts'

/** The `prev` of the first event of a log. */
export const firstPrev = '0'.repeat(64)

/**
 * The hash of one audit event: SHA-256(0x01 ‖ seq as 8 bytes big-endian ‖ prev, 32 bytes ‖ canonical(event) in UTF-8), lower-case hex.
 * `seq` starts at 1, `prevHex` is the hash of the event before it. Throws for a bad seq or prev, and for an event without canonical form.
 */
export function auditHash(seq: number, prevHex: string, event: unknown): string {
  if (!Number.isSafeInteger(seq) || seq < 1) throw new RangeError('seq is an integer from 1.')
  const eventBytes = toUtf8(canonicalize(event))
  const message = new Uint8Array(1 + 8 + 32 + eventBytes.length)
  message[0] = 0x01
  new DataView(message.buffer).setBigUint64(1, BigInt(seq))
  message.set(toHashBytes(prevHex), 9)
  message.set(eventBytes, 41)
  return bytesToHex(sha256(message))
}
