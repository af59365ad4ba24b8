/** From the cookie of a request to the session row that decides. */
import { createHash, randomBytes } from 'node:crypto'
import type { Session } from '@autopack/contract/auth'
import type { Role } from '@autopack/contract/roles'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Database } from '@autopack/server-kit/open-database'
import { readCookie } from './cookies.ts'
import type { CookieNames } from './cookies.ts'
import { findLiveSession } from './session-rows.ts'
import type { SessionRow } from './session-rows.ts'
import { readSessionToken } from './session-token.ts'
import type { SigningKey } from './signing-key.ts'

export const sessionsPerPerson = 5

/** People who can let an agent act go idle sooner. */
export function idleSeconds(role: Role): number {
  return role === 'viewer' ? 30 * 60 : 15 * 60
}

export function createSessionId(): { sid: string; sidSha256: string } {
  const sid = randomBytes(32).toString('base64url')
  return { sid, sidSha256: hashSessionId(sid) }
}

function hashSessionId(sid: string): string {
  return createHash('sha256').update(sid).digest('hex')
}

export type SessionSource = { db: Database; signingKey: SigningKey; cookies: CookieNames; now: () => Date }

/** Null when there is no cookie, its token is not ours, or its row is revoked, idle or over. */
export async function findSession(source: SessionSource, cookieHeader: string | undefined): Promise<SessionRow | null> {
  const token = readCookie(cookieHeader, source.cookies.session)
  if (token === null) return null
  const now = source.now()
  const claims = await readSessionToken(source.signingKey, token, now)
  if (!claims) return null
  const row = await findLiveSession(source.db, hashSessionId(claims.sid), now)
  return row && row.operator_id === claims.sub ? row : null
}

/** As findSession, but throws the problem `not_signed_in`. */
export async function getSession(source: SessionSource, cookieHeader: string | undefined): Promise<SessionRow> {
  const row = await findSession(source, cookieHeader)
  if (!row) throw new ProblemError('not_signed_in', 'Nobody is signed in here, or the session is over. Sign in again.')
  return row
}

export function toSession(row: SessionRow, now: Date): Session {
  const idle = new Date(Math.min(row.last_activity_at.getTime() + row.idle_seconds * 1_000, row.absolute_expires_at.getTime()))
  return {
    operator: { operator_id: row.operator_id, name: row.name, role: row.role },
    signed_in_at: row.signed_in_at.toISOString(),
    authenticated_at: row.auth_time.toISOString(),
    methods: row.amr.flatMap((method) => (method === 'pwd' || method === 'hwk' ? [method] : [])),
    idle_expires_at: idle.toISOString(),
    expires_at: row.absolute_expires_at.toISOString(),
    now: now.toISOString(),
  }
}
