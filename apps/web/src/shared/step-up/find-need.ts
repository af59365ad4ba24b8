import type { StepUp } from '@autopack/contract/webauthn'

/** `passkey`: nothing else will do. `either`: a passkey, or the password again. */
export type Need = 'passkey' | 'either'

/** Shorter than the server's five minutes: what is sent has to arrive inside them. */
const freshMs = 4.5 * 60_000

/** What is asked before an act of control is sent at all; null: nothing. The server has the last word. */
export function findNeed(known: { controlStepUp: StepUp; passkeyCount: number; authenticatedAtMs: number; nowMs: number }): Need | null {
  if (known.controlStepUp === 'none') return null
  if (known.controlStepUp === 'passkey') return 'passkey'
  // Whoever has a passkey signs: that is what it is for.
  if (known.passkeyCount > 0) return 'either'
  return known.nowMs - known.authenticatedAtMs <= freshMs ? null : 'either'
}
