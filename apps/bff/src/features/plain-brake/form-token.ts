/** What a form of the plain page has in place of the header X-CSRF: a value that only pages made for this session can know. */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { SessionRow } from '../../shared/session-rows.ts'
import type { SigningKey } from '../../shared/signing-key.ts'

type OfSession = Pick<SessionRow, 'sid_sha256'>

/** 256 bits in base64url. Derived from the signing key, so that replicas and a start with the same key agree. */
export function createFormToken(key: SigningKey, session: OfSession): string {
  const secret = hkdfSync('sha256', key.privateKey.export({ type: 'pkcs8', format: 'der' }), '', 'autopack plain brake form', 32)
  return createHmac('sha256', Buffer.from(secret)).update(session.sid_sha256).digest('base64url')
}

export function isFormToken(key: SigningKey, session: OfSession, given: string | null): boolean {
  const wanted = Buffer.from(createFormToken(key, session))
  const offered = Buffer.from(given ?? '')
  return offered.length === wanted.length && timingSafeEqual(offered, wanted)
}
