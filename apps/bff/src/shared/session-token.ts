/** The session cookie's token (RFC 7519, checked as RFC 8725 asks). It only names a row; the row decides. */
import { SignJWT, jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { tokenIssuer } from './signing-key.ts'
import type { SigningKey } from './signing-key.ts'

export const sessionSeconds = 12 * 3_600
const audience = 'autopack-console'
const type = 'autopack-session+jwt'

const claimsSchema = z.object({
  sub: z.string().check(z.regex(/^op_[0-9a-f-]{36}$/)),
  sid: z.string().check(z.regex(/^[A-Za-z0-9_-]{43}$/)),
})
export type SessionClaims = z.infer<typeof claimsSchema>

export async function signSessionToken(
  key: SigningKey,
  claims: SessionClaims & { amr: readonly string[]; issuedAt: Date; expiresAt: Date },
): Promise<string> {
  return new SignJWT({ sid: claims.sid, amr: [...claims.amr] })
    .setProtectedHeader({ alg: key.algorithm, typ: type, kid: key.keyId })
    .setIssuer(tokenIssuer)
    .setAudience(audience)
    .setSubject(claims.sub)
    .setIssuedAt(claims.issuedAt)
    .setExpirationTime(claims.expiresAt)
    .sign(key.privateKey)
}

/** The claims, or null for anything that this BFF did not sign as a session, or that is over. */
export async function readSessionToken(key: SigningKey, token: string, now: Date): Promise<SessionClaims | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.algorithm],
      typ: type,
      issuer: tokenIssuer,
      audience,
      requiredClaims: ['sub', 'sid', 'iat', 'exp'],
      maxTokenAge: sessionSeconds,
      currentDate: now,
    })
    if (protectedHeader.kid !== key.keyId) return null
    const claims = z.safeParse(claimsSchema, payload)
    return claims.success ? claims.data : null
  } catch {
    return null
  }
}
