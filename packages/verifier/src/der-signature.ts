/** The 64 bytes r ‖ s of an ECDSA signature on P-256 in DER (RFC 3279, section 2.2.3), which WebCrypto wants; null for what is not DER. */
export function readDerSignature(der: Uint8Array): Uint8Array<ArrayBuffer> | null {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null
  const r = readInteger(der, 2)
  const s = r === null ? null : readInteger(der, r.end)
  if (r === null || s === null || s.end !== der.length) return null
  const plain = new Uint8Array(64)
  plain.set(r.digits, 32 - r.digits.length)
  plain.set(s.digits, 64 - s.digits.length)
  return plain
}

/** A positive integer of at most 32 bytes, in its shortest form. */
function readInteger(der: Uint8Array, from: number): { digits: Uint8Array; end: number } | null {
  const length = der[from + 1] ?? 0
  const end = from + 2 + length
  if (der[from] !== 0x02 || length === 0 || end > der.length) return null
  const first = der[from + 2]!
  if (first >= 0x80) return null
  if (first !== 0) return length > 32 ? null : { digits: der.subarray(from + 2, end), end }
  const second = der[from + 3]
  if (length > 33 || length === 1 || second === undefined || second < 0x80) return null
  return { digits: der.subarray(from + 3, end), end }
}
