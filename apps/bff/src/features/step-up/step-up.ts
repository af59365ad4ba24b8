/** Somebody who is signed in shows again who they are, by the password: the session goes on under a new id. */
import type { Session } from '@autopack/contract/auth'
import { getOwnOperator } from '@autopack/contract/operators'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { createSessionId, idleSeconds, toSession } from '../../shared/current-session.ts'
import { endDisabledSession } from '../../shared/end-disabled-session.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { toPasswordBucket } from '../../shared/password-bucket.ts'
import { createSessionRow, revokeSessions } from '../../shared/session-rows.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { signSessionToken } from '../../shared/session-token.ts'
import { findSignIn, lockSignIn } from '../../shared/sign-in-rows.ts'
import type { Passage } from '../../upstream/control-plane.ts'

export type SteppedUp = { session: Session; sessionToken: string }

/** Throws `wrong_credentials`, `not_signed_in`, `too_many_attempts`, `login_busy`, `control_plane_unreachable`. */
export async function stepUp(deps: Deps, session: SessionRow, password: string, passage: Passage): Promise<SteppedUp> {
  const buckets = [toPasswordBucket(session.operator_id)]
  await deps.throttle.take(buckets)
  const wrong = new ProblemError('wrong_credentials', 'The password is wrong.')
  const signIn = await findSignIn(deps.db, session.operator_id)
  const operator = await deps.passwords
    .verify(signIn?.password_hash ?? null, password)
    .then(async (right) => {
      if (!right) throw wrong
      const { data } = await deps.controlPlane.call(getOwnOperator, {}, passage).catch((error: unknown) => endDisabledSession(deps, session, error))
      return data!
    })
    .catch(async (error: unknown) => {
      if (error !== wrong) await deps.throttle.giveBack(buckets)
      throw error
    })

  const now = deps.now()
  const { sid, sidSha256 } = createSessionId()
  const { name, role } = operator
  const row: SessionRow = {
    ...session,
    sid_sha256: sidSha256,
    name,
    role,
    idle_seconds: idleSeconds(role),
    amr: [...new Set([...session.amr, 'pwd'])],
    auth_time: now,
    last_activity_at: now,
  }
  await deps.db.transaction(async (tx) => {
    const locked = await lockSignIn(tx, session.operator_id)
    if (locked?.password_hash !== signIn?.password_hash) throw wrong
    const own = await revokeSessions(tx, [session.sid_sha256], now)
    // It was ended while the password was being checked: whoever ended it meant this browser, too.
    if (own.length === 0) throw new ProblemError('not_signed_in', 'The session is over. Sign in again.')
    await createSessionRow(tx, row)
    const event = { kind: 'stepped_up' as const, operator_id: session.operator_id, name, detail: 'with the password' }
    await recordOutboxEvent(tx, event, now)
  })
  deps.streams.moveSession(session.sid_sha256, sidSha256)
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
