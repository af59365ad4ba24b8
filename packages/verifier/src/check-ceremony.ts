import { sha256 } from '@noble/hashes/sha2.js'
import type { AuthenticatorData } from './authenticator-data.ts'
import { toCanonicalEvent } from './canonical-event.ts'
import { sameBytes, toUtf8 } from './hashes.ts'
import { readJson } from './read-json.ts'

/** What a browser says it asked an authenticator for (WebAuthn Level 3, section 5.8.1), or in a sentence what is wrong with it. */
export function readClientData(bytes: Uint8Array): Record<string, unknown> | string {
  try {
    const value = readJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), 16)
    // Half of a surrogate pair, written as an escape, has no such form.
    toCanonicalEvent(value)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
    return 'the client data is no object'
  } catch (error) {
    return `the client data cannot be read: ${(error as Error).message}`
  }
}

/** Why it was not made for this kind of ceremony at this console; null: it was. */
export function findForeignClientData(clientData: Record<string, unknown>, type: string, origin: string): string | null {
  if (clientData['type'] !== type) return `the client data is not of type ${type}`
  if (clientData['origin'] !== origin) return 'the client data is for another origin'
  // A page of the console inside a page of others is not where anybody decides.
  if (clientData['crossOrigin'] === true) return 'it was made inside a page of another origin'
  return null
}

/** Why the authenticator did not check its owner for this relying party; null: it did. */
export function findForeignAuthenticator({ rpIdHash, userPresent, userVerified }: AuthenticatorData, rpId: string): string | null {
  if (!sameBytes(rpIdHash, sha256(toUtf8(rpId)))) return 'the authenticator data is for another relying party'
  if (!userPresent) return 'the authenticator did not find its owner present'
  if (!userVerified) return 'the authenticator did not check who its owner is'
  return null
}
