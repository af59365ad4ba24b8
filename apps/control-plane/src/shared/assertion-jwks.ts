import { createPublicKey } from 'node:crypto'
import type { JsonWebKeyInput, KeyObject } from 'node:crypto'

/** By `kid`: the key and the only algorithm it may be used with. */
export type AssertionJwks = ReadonlyMap<string, { key: KeyObject; alg: 'EdDSA' | 'RS256' }>

/** Reads a JWK set (RFC 7517) of public Ed25519 or RSA ≥ 2048 keys, each with a `kid`. Says why not, without values. */
export function readAssertionJwks(text: string): { ok: true; jwks: AssertionJwks } | { ok: false; why: string } {
  let keys: unknown
  try {
    keys = (JSON.parse(text) as { keys?: unknown }).keys
  } catch {
    return { ok: false, why: 'is not JSON' }
  }
  if (!Array.isArray(keys) || keys.length === 0) return { ok: false, why: 'must be {"keys": […]} with at least one key' }
  const jwks = new Map<string, { key: KeyObject; alg: 'EdDSA' | 'RS256' }>()
  for (const [index, jwk] of (keys as unknown[]).entries()) {
    const read = readKey(jwk)
    if (typeof read === 'string') return { ok: false, why: `key ${index + 1}: ${read}` }
    if (jwks.has(read.kid)) return { ok: false, why: `key ${index + 1}: its kid appears twice` }
    jwks.set(read.kid, { key: read.key, alg: read.alg })
  }
  return { ok: true, jwks }
}

function readKey(jwk: unknown): { kid: string; key: KeyObject; alg: 'EdDSA' | 'RS256' } | string {
  if (typeof jwk !== 'object' || jwk === null) return 'is not an object'
  const { kid, d, use } = jwk as { kid?: unknown; d?: unknown; use?: unknown }
  if (typeof kid !== 'string' || kid === '') return 'has no kid'
  if (d !== undefined) return 'is a private key; only the public half belongs here'
  if (use !== undefined && use !== 'sig') return 'is not for signatures'
  let key: KeyObject
  try {
    key = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' })
  } catch {
    return 'is not a public key'
  }
  const alg = key.asymmetricKeyType === 'ed25519' ? 'EdDSA' : key.asymmetricKeyType === 'rsa' ? 'RS256' : null
  if (!alg) return 'must be Ed25519 or RSA'
  if (alg === 'RS256' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2_048) return 'RSA needs 2048 bits or more'
  const stated = (jwk as { alg?: unknown }).alg
  if (stated !== undefined && stated !== alg && !(stated === 'Ed25519' && alg === 'EdDSA')) return `must be used with ${alg}`
  return { kid, key, alg }
}
