/** The one key pair of the BFF. It signs sessions and operator assertions, which `typ`, `iss` and `aud` keep apart. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK } from 'jose'
import type { JWK } from 'jose'

export type SigningKey = {
  privateKey: KeyObject
  publicKey: KeyObject
  /** Pinned by the kind of key, never taken from a token. */
  algorithm: 'EdDSA' | 'RS256'
  /** RFC 7638 thumbprint of the public key. */
  keyId: string
  publicJwk: JWK
}

export const tokenIssuer = 'autopack-bff'

/** From PEM texts; null makes a new pair for this process. Reasons name the variable and never quote it. */
export async function readSigningKey(
  privatePem: string | null,
  publicPem: string | null,
): Promise<{ ok: true; key: SigningKey } | { ok: false; why: string }> {
  if (privatePem === null) {
    if (publicPem !== null) return { ok: false, why: 'JWT_PUBLIC_KEY: is set without JWT_PRIVATE_KEY' }
    return { ok: true, key: await toSigningKey(generateKeyPairSync('ed25519').privateKey) }
  }
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(privatePem)
  } catch {
    return { ok: false, why: 'JWT_PRIVATE_KEY: is not a private key in PKCS #8 PEM' }
  }
  const strong =
    privateKey.asymmetricKeyType === 'ed25519' ||
    (privateKey.asymmetricKeyType === 'rsa' && (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) >= 2_048)
  if (!strong) return { ok: false, why: 'JWT_PRIVATE_KEY: must be an Ed25519 key, or an RSA key of 2048 bits or more' }
  const key = await toSigningKey(privateKey)
  if (publicPem !== null) {
    try {
      if (!createPublicKey(publicPem).equals(key.publicKey)) return { ok: false, why: 'JWT_PUBLIC_KEY: is not the public half of JWT_PRIVATE_KEY' }
    } catch {
      return { ok: false, why: 'JWT_PUBLIC_KEY: is not a public key in SPKI PEM' }
    }
  }
  return { ok: true, key }
}

async function toSigningKey(privateKey: KeyObject): Promise<SigningKey> {
  const publicKey = createPublicKey(privateKey)
  const algorithm = privateKey.asymmetricKeyType === 'ed25519' ? 'EdDSA' : 'RS256'
  const jwk = await exportJWK(publicKey)
  const keyId = await calculateJwkThumbprint(jwk)
  return { privateKey, publicKey, algorithm, keyId, publicJwk: { ...jwk, kid: keyId, alg: algorithm, use: 'sig' } }
}
