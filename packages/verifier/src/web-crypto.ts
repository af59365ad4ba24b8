import { isEd25519Point } from './ed25519-point.ts'

/** Thrown where signatures cannot be checked at all: nothing is said about the file then. */
export class MissingWebCryptoError extends Error {
  constructor(why: string, options?: ErrorOptions) {
    super(`Signatures cannot be checked here: ${why}`, options)
    this.name = 'MissingWebCryptoError'
  }
}

/**
 * WebCrypto's signatures. Throws {@link MissingWebCryptoError} where there are none: browsers offer them to pages of https, of localhost and
 * of files alone.
 */
function openSubtle(): SubtleCrypto {
  const subtle: SubtleCrypto | undefined = (globalThis as { crypto?: Crypto }).crypto?.subtle
  if (subtle !== undefined) return subtle
  throw new MissingWebCryptoError('this browser offers no WebCrypto to this page. Open it by https, from localhost or as a file.')
}

/** A key as WebCrypto imports it: the bytes of a public key, or the members of a JSON Web Key. */
export type ImportedKey = Uint8Array<ArrayBuffer> | { kty: string; n: string; e: string }
/** An algorithm of WebCrypto with its parameters, for importing and for verifying. */
export type Algorithm = { name: string; namedCurve?: string; hash?: string }

/** Whether an Ed25519 signature (RFC 8032) is valid; false for 32 bytes that are no key. Throws {@link MissingWebCryptoError}. */
export async function verifyEd25519(key: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>, message: Uint8Array<ArrayBuffer>) {
  return verifyWith(key, { name: 'Ed25519' }, signature, message)
}

/** Whether a signature is valid; false for what is no key of this algorithm. Throws {@link MissingWebCryptoError} for one the browser lacks. */
export async function verifyWith(
  key: ImportedKey,
  algorithm: Algorithm,
  signature: Uint8Array<ArrayBuffer>,
  message: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const subtle = openSubtle()
  if (algorithm.name === 'Ed25519' && !isEd25519Point(signature.subarray(0, 32))) return false
  let imported: Awaited<ReturnType<typeof subtle.importKey>>
  try {
    imported = await ('kty' in key
      ? subtle.importKey('jwk', key, algorithm as { name: string; hash: string }, false, ['verify'])
      : subtle.importKey('raw', key, algorithm as { name: string; namedCurve: string }, false, ['verify']))
  } catch (error) {
    if ((error as Error).name !== 'NotSupportedError') return false
    throw new MissingWebCryptoError('this browser is too old for the algorithm of a key.', { cause: error })
  }
  return subtle.verify(algorithm as { name: string; hash: string }, imported, signature, message)
}
