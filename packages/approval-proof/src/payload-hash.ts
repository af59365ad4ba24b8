import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/**
 * SHA-256 of the payload's bytes as 64 lower-case hex digits; a string is hashed as its UTF-8 bytes.
 * Synchronous and the same in the browser and in Node. Throws TypeError for a string that has no UTF-8 form (lone surrogates).
 */
export function payloadHash(payload: Uint8Array | string): string {
  return bytesToHex(sha256(typeof payload === 'string' ? toUtf8(payload) : payload))
}

/** The UTF-8 bytes of a well-formed string. TextEncoder alone would replace lone surrogates: two texts, one hash. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed()) throw new TypeError('The text has a lone surrogate and no UTF-8 form.')
  return new TextEncoder().encode(text)
}

/** Whether a text is a SHA-256 in its only accepted form: 64 lower-case hex digits. */
export function isSha256Hex(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text)
}

/** The 32 bytes of a SHA-256 in hex. Throws TypeError for anything but 64 lower-case hex digits. */
export function toHashBytes(hashHex: string): Uint8Array<ArrayBuffer> {
  if (!isSha256Hex(hashHex)) throw new TypeError('A SHA-256 is 64 lower-case hex digits.')
  const bytes = new Uint8Array(32)
  for (let place = 0; place < 32; place += 1) {
    bytes[place] = Number.parseInt(hashHex.slice(place * 2, place * 2 + 2), 16)
  }
  return bytes
}
