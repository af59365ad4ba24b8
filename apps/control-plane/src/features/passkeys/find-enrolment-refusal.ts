import type { OperatorRow } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

/** Both moments of a session's age are whole seconds. */
const roundingMs = 1_000

/**
 * Why this session makes no first passkey, or null. After a reset a session of before may be of whoever the reset was against. Its sign-in is
 * as far back from our clock as the console says that it is from its own.
 */
export function findEnrolmentRefusal(
  operator: Pick<OperatorRow, 'may_enrol_until' | 'sessions_since'>,
  principal: Pick<OperatorPrincipal, 'authAgeSeconds'>,
  now: Date,
): string | null {
  if (operator.may_enrol_until === null || now >= operator.may_enrol_until) {
    return 'A first passkey can be made for a while after you came in; that is over. Ask an admin to reset your passkeys, then sign in again and make one.'
  }
  const signedInAt = now.getTime() - principal.authAgeSeconds * 1_000
  if (operator.sessions_since !== null && signedInAt + roundingMs < operator.sessions_since.getTime()) {
    return 'Something about you was changed after you signed in. Sign in again, then make your first passkey.'
  }
  return null
}
