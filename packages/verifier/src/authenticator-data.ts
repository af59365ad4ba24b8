import { readCbor } from './cbor.ts'

/** What an authenticator says of itself (WebAuthn Level 3, section 6.1). `attested`: the key it made; null: none. */
export type AuthenticatorData = {
  rpIdHash: Uint8Array
  userPresent: boolean
  userVerified: boolean
  attested: { credentialId: Uint8Array; publicKey: Uint8Array } | null
}

const flag = { userPresent: 0x01, userVerified: 0x04, attested: 0x40, extensions: 0x80 }

/** Throws Error for bytes that are no authenticator data, to the last one. */
export function readAuthenticatorData(bytes: Uint8Array<ArrayBuffer>): AuthenticatorData {
  if (bytes.length < 37) throw new Error('authenticator data has at least 37 bytes')
  const flags = bytes[32]!
  let end = 37
  let attested: AuthenticatorData['attested'] = null
  if ((flags & flag.attested) !== 0) {
    if (bytes.length < 55) throw new Error('attested data ends in the middle')
    const idLength = (bytes[53]! << 8) | bytes[54]!
    const keyStart = 55 + idLength
    end = readCbor(bytes, keyStart).end
    attested = { credentialId: bytes.subarray(55, keyStart), publicKey: bytes.subarray(keyStart, end) }
  }
  if ((flags & flag.extensions) !== 0) {
    const extensions = readCbor(bytes, end)
    if (!(extensions.value instanceof Map)) throw new Error('extensions are no map')
    end = extensions.end
  }
  if (end !== bytes.length) throw new Error('something follows the authenticator data')
  return { rpIdHash: bytes.subarray(0, 32), userPresent: (flags & flag.userPresent) !== 0, userVerified: (flags & flag.userVerified) !== 0, attested }
}
