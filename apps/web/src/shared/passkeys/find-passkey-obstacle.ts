/** Why this browser has no passkeys here, in words; null when it has. Whether an authenticator is at hand only its prompt tells. */
export function findPasskeyObstacle(place: { isSecureContext: boolean; hasWebAuthn: boolean }): string | null {
  if (!place.isSecureContext) {
    return 'Passkeys need https, or the address localhost. This page was opened over plain http, so the browser keeps them back.'
  }
  return place.hasWebAuthn ? null : 'This browser has no passkeys. A newer one has, or one that does not switch them off.'
}

/** Of this page, in this browser. */
export function findOwnPasskeyObstacle(): string | null {
  return findPasskeyObstacle({ isSecureContext: window.isSecureContext, hasWebAuthn: typeof window.PublicKeyCredential === 'function' })
}
