/** A person changes their own password: every other session ends, and this one gets a new id. */
import type { Session } from '@autopack/contract/auth'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { createSessionId, toSession } from '../../shared/current-session.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { toPasswordBucket } from '../../shared/password-bucket.ts'
import { refusedPassword } from '../../shared/refused-password.ts'
import { createSessionRow, revokeOtherSessions, revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { signSessionToken } from '../../shared/session-token.ts'
import { findSignIn, lockSignIn, updatePasswordHash } from '../../shared/sign-in-rows.ts'

export type ChangedPassword = { session: Session; sessionToken: string }

/** Throws `wrong_credentials`, `weak_password`, `not_signed_in`, `too_many_attempts`, `login_busy`. */
export async function changePassword(
  deps: Deps,
  session: SessionRow,
  passwords: { current_password: string; new_password: string },
): Promise<ChangedPassword> {
  const buckets = [toPasswordBucket(session.operator_id)]
  await deps.throttle.take(buckets)
  const wrong = new ProblemError('wrong_credentials', 'The current password is wrong.')
  const signIn = await findSignIn(deps.db, session.operator_id)
  let newHash: string
  try {
    if (!(await deps.passwords.verify(signIn?.password_hash ?? null, passwords.current_password)) || !signIn) throw wrong
    const refused = refusedPassword(passwords.new_password, signIn.name, passwords.current_password)
    if (refused !== null) throw new ProblemError('weak_password', refused)
    newHash = await deps.passwords.hash(passwords.new_password)
  } catch (error) {
    if (error !== wrong) await deps.throttle.giveBack(buckets)
    throw error
  }

  const now = deps.now()
  const { sid, sidSha256 } = createSessionId()
  const row: SessionRow = { ...session, sid_sha256: sidSha256, auth_time: now, last_activity_at: now }
  const ended = await deps.db.transaction(async (tx) => {
    const locked = await lockSignIn(tx, session.operator_id)
    if (locked?.password_hash !== signIn.password_hash) throw wrong
    const own = await revokeSessions(tx, [session.sid_sha256], now)
    // It was ended while the passwords were being hashed: whoever ended it meant this browser, too.
    if (own.length === 0) throw new ProblemError('not_signed_in', 'The session is over. Sign in again.')
    await updatePasswordHash(tx, session.operator_id, newHash, now)
    await createSessionRow(tx, row)
    const others = await revokeOtherSessions(tx, session.operator_id, sidSha256, now)
    const detail = `by the person; ${others.length} other sessions ended`
    await recordOutboxEvent(tx, { kind: 'password_changed', operator_id: session.operator_id, name: session.name, detail }, now)
    return [...own, ...others]
  })
  deps.streams.endSessions(ended, 'signed_out')
  await deps.throttle.forget(buckets)
  const sessionToken = await signSessionToken(deps.signingKey, {
    sub: row.operator_id,
    sid,
    amr: row.amr,
    issuedAt: now,
    expiresAt: row.absolute_expires_at,
  })
  return { session: toSession(row, now), sessionToken }
}
