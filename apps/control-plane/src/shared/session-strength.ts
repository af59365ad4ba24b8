import type { OperatorPrincipal } from './principal.ts'

/** How long showing who one is counts for acts that ask for it again. */
export const freshSeconds = 300

/**
 * Whether this person showed who they are a moment ago. Measured by the clock of the console alone, which knows both moments: those of two
 * machines may differ.
 */
export function isFreshlyAuthenticated(principal: Pick<OperatorPrincipal, 'authAgeSeconds'>): boolean {
  return principal.authAgeSeconds >= 0 && principal.authAgeSeconds <= freshSeconds
}

/** What an act without a signature rests on: the password, where it was just typed; else the session. */
export function toSessionStrength(principal: Pick<OperatorPrincipal, 'authAgeSeconds' | 'amr'>): 'password' | 'session' {
  return isFreshlyAuthenticated(principal) && principal.amr.includes('pwd') ? 'password' : 'session'
}
