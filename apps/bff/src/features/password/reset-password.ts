/** A new password for somebody who cannot sign in any more, by whoever runs the server. */
import { createReadablePassword } from '@autopack/server-kit/readable-password'
import type { Database } from '@autopack/server-kit/open-database'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import type { PasswordHasher } from '../../shared/password-hash.ts'
import { revokeOtherSessions } from '../../shared/session-rows.ts'
import { findSignInByName, updatePasswordHash } from '../../shared/sign-in-rows.ts'
import { createThrottle } from '../../shared/throttle.ts'
import { toPersonBucket } from '../../shared/person-bucket.ts'

export type ResetPassword = { name: string; password: string; endedSessions: number }

/** Null: nobody has this name. The old password, every session and every lock of the name are over; the audit log hears of it. */
export async function resetPassword(db: Database, passwords: PasswordHasher, typedName: string, now: Date): Promise<ResetPassword | null> {
  const found = await findSignInByName(db, typedName)
  if (!found) return null
  const { operator_id, name } = found
  const password = createReadablePassword()
  const passwordHash = await passwords.hash(password)
  const ended = await db.transaction(async (tx) => {
    await updatePasswordHash(tx, operator_id, passwordHash, now)
    const sessions = await revokeOtherSessions(tx, operator_id, null, now)
    const detail = `by the command on the server; ${sessions.length} sessions ended`
    await recordOutboxEvent(tx, { kind: 'password_reset', operator_id, name, detail }, now)
    return sessions
  })
  await createThrottle(db).forget([toPersonBucket(name)])
  return { name, password, endedSessions: ended.length }
}
