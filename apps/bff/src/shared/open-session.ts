/** A new session for somebody who has just shown who they are, however they did. */
import type { Session } from '@autopack/contract/auth'
import type { Operator } from '@autopack/contract/operators'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { Deps } from '../deps.ts'
import type { Caller } from './caller.ts'
import { writeCookie } from './cookies.ts'
import type { CookieNames } from './cookies.ts'
import { idleSeconds, sessionsPerPerson, toSession } from './current-session.ts'
import { deviceSeconds, signDeviceToken } from './device-token.ts'
import { createSessionRow, listLiveSessions, revokeSessions } from './session-rows.ts'
import type { SessionRow } from './session-rows.ts'
import { sessionSeconds, signSessionToken } from './session-token.ts'

export type SignedIn = { session: Session; sessionToken: string; deviceToken: string }

type Opening = {
  operator: Pick<Operator, 'operator_id' | 'name' | 'role'>
  sidSha256: string
  /** How they showed who they are (RFC 8176). */
  amr: readonly ('pwd' | 'hwk')[]
  caller: Caller
  /** What the browser had until now: it ends. */
  oldSession: SessionRow | null
  now: Date
}

/**
 * Writes the row, and ends the browser's old session and the person's oldest ones beyond the limit. Hand `ended` to
 * `deps.streams` after the transaction.
 */
export async function openSession(tx: Queryable, opening: Opening): Promise<{ row: SessionRow; ended: string[]; oldestEnded: number }> {
  const { operator, caller, oldSession, now } = opening
  const row: SessionRow = {
    sid_sha256: opening.sidSha256,
    operator_id: operator.operator_id,
    name: operator.name,
    role: operator.role,
    amr: [...opening.amr],
    signed_in_at: now,
    auth_time: now,
    last_activity_at: now,
    idle_seconds: idleSeconds(operator.role),
    absolute_expires_at: new Date(now.getTime() + sessionSeconds * 1_000),
    revoked_at: null,
    user_agent: caller.userAgent,
    address: caller.address,
  }
  const live = await listLiveSessions(tx, operator.operator_id, now)
  const oldest = live.slice(0, Math.max(0, live.length - sessionsPerPerson + 1)).map((each) => each.sid_sha256)
  const ended = await revokeSessions(tx, oldSession ? [...oldest, oldSession.sid_sha256] : oldest, now)
  await createSessionRow(tx, row)
  return { row, ended, oldestEnded: oldest.length }
}

/** What the browser gets; `deviceToken`: the one it has already. */
export async function toSignedIn(deps: Deps, row: SessionRow, sid: string, deviceToken: string | null): Promise<SignedIn> {
  const { operator_id: sub, auth_time: issuedAt, absolute_expires_at: expiresAt, amr } = row
  return {
    session: toSession(row, issuedAt),
    sessionToken: await signSessionToken(deps.signingKey, { sub, sid, amr, issuedAt, expiresAt }),
    deviceToken: deviceToken ?? (await signDeviceToken(deps.signingKey, sub, issuedAt)),
  }
}

/** The Set-Cookie headers of an answer that signs somebody in. */
export function writeSignInCookies(cookies: CookieNames, signedIn: SignedIn): string[] {
  return [
    writeCookie(cookies, cookies.session, signedIn.sessionToken, sessionSeconds),
    writeCookie(cookies, cookies.device, signedIn.deviceToken, deviceSeconds),
  ]
}
