import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** SHA-256 of bytes, or of a text in UTF-8: 64 lower-case hex digits. Throws Error for a text with half of a surrogate pair. */
export function sha256Hex(content: Uint8Array | string): string {
  return bytesToHex(sha256(typeof content === 'string' ? toUtf8(content) : content))
}

/** The bytes of a text. TextEncoder alone replaces half of a surrogate pair: two texts would have one hash. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) throw new Error('a text has half of a surrogate pair')
  return new TextEncoder().encode(text)
}

/** Whether two lists of bytes are the same. */
export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place])
}
