const signInDomain = 'autopack-sign-in/1'

/**
 * The 32 bytes a passkey signs to sign in: SHA-256("autopack-sign-in/1" ‖ 0x00 ‖ nonce), in UTF-8. Never the nonce itself: whoever hands it out
 * could hand out the challenge of an approval in its place. By WebCrypto, so that the page of signing in loads nothing for it.
 */
export async function signInChallenge(nonce: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${signInDomain}\0${nonce}`)))
}
