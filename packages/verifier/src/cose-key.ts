import { toBase64url } from './base64.ts'
import { readCbor } from './cbor.ts'
import type { Cbor } from './cbor.ts'
import { isEd25519Point } from './ed25519-point.ts'
import type { Algorithm, ImportedKey } from './web-crypto.ts'

/** A public key as an authenticator gives it (RFC 9053), ready for WebCrypto. */
export type CoseKey = { algorithm: Algorithm; key: ImportedKey; kind: 'ES256' | 'EdDSA' | 'RS256' }

/** RFC 9052, section 7.1, and RFC 9053: what an integer key of the map means. */
const label = { keyType: 1, algorithm: 3, curve: -1, x: -2, y: -3, modulus: -1, exponent: -2 }

/** Throws Error for bytes that are no key of ES256 (P-256), EdDSA (Ed25519) or RS256 (2,048 bits at least). */
export function readCoseKey(bytes: Uint8Array<ArrayBuffer>): CoseKey {
  const { value, end } = readCbor(bytes)
  if (!(value instanceof Map) || end !== bytes.length) throw new Error('the public key is no COSE key')
  const algorithm = value.get(label.algorithm)
  if (algorithm === -7) return readEs256(value)
  if (algorithm === -8) return readEddsa(value)
  if (algorithm === -257) return readRs256(value)
  throw new Error('the public key is of an algorithm that is not taken')
}

function readEs256(map: Map<number | string, Cbor>): CoseKey {
  expectKind(map, 2, [label.curve, label.x, label.y])
  if (map.get(label.curve) !== 1) throw new Error('the public key is on another curve than P-256')
  const point = new Uint8Array(65)
  point[0] = 0x04
  point.set(readBytes(map, label.x, 32), 1)
  point.set(readBytes(map, label.y, 32), 33)
  return { kind: 'ES256', key: point, algorithm: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } }
}

function readEddsa(map: Map<number | string, Cbor>): CoseKey {
  expectKind(map, 1, [label.curve, label.x])
  if (map.get(label.curve) !== 6) throw new Error('the public key is on another curve than Ed25519')
  const key = readBytes(map, label.x, 32)
  if (!isEd25519Point(key)) throw new Error('the public key is of small order, or not in its only form')
  return { kind: 'EdDSA', key, algorithm: { name: 'Ed25519' } }
}

function readRs256(map: Map<number | string, Cbor>): CoseKey {
  expectKind(map, 3, [label.modulus, label.exponent])
  const modulus = readBytes(map, label.modulus, null)
  if (modulus.length < 256 || modulus.length > 1_024 || modulus[0]! < 0x80) throw new Error('the public key has fewer than 2,048 bits')
  if (modulus.at(-1)! % 2 === 0) throw new Error('the public key has an even modulus')
  const exponent = readBytes(map, label.exponent, null)
  const value = exponent.length > 5 ? Infinity : exponent.reduce((before, byte) => before * 256 + byte, 0)
  // Engines take different ones of the others, and with 1 anybody can sign.
  if (exponent[0] === 0 || value < 3 || value >= 2 ** 33 || value % 2 === 0) throw new Error('the public key has an exponent that is not taken')
  const key = { kty: 'RSA', n: toBase64url(modulus), e: toBase64url(exponent) }
  return { kind: 'RS256', key, algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } }
}

function expectKind(map: Map<number | string, Cbor>, type: number, labels: readonly number[]): void {
  const known = [label.keyType, label.algorithm, ...labels]
  if (map.get(label.keyType) !== type || map.size !== known.length || !known.every((one) => map.has(one))) {
    throw new Error('the public key is of another type than its algorithm')
  }
}

function readBytes(map: Map<number | string, Cbor>, key: number, length: number | null): Uint8Array<ArrayBuffer> {
  const bytes = map.get(key)
  if (!(bytes instanceof Uint8Array) || bytes.length === 0 || (length !== null && bytes.length !== length)) {
    throw new Error('the public key has a part of another length')
  }
  return bytes
}
