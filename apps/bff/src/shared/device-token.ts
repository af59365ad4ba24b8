/**
 * A browser that signed in before carries this token for a year. It opens nothing: it only gives the browser a throttle
 * bucket of its own, so that failures elsewhere cannot lock this person out here.
 */
import { randomUUID } from 'node:crypto'
import { SignJWT, jwtVerify } from 'jose'
import { tokenIssuer } from './signing-key.ts'
import type { SigningKey } from './signing-key.ts'

export const deviceSeconds = 365 * 24 * 3_600
const audience = 'autopack-console-device'
const type = 'autopack-device+jwt'

export async function signDeviceToken(key: SigningKey, operatorId: string, now: Date): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: key.algorithm, typ: type, kid: key.keyId })
    .setIssuer(tokenIssuer)
    .setAudience(audience)
    .setSubject(operatorId)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setExpirationTime(new Date(now.getTime() + deviceSeconds * 1_000))
    .sign(key.privateKey)
}

/** The device's id when the token is ours and was given to this operator (null: to anybody), otherwise null. */
export async function readDeviceToken(key: SigningKey, token: string, operatorId: string | null, now: Date): Promise<string | null> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.algorithm],
      typ: type,
      issuer: tokenIssuer,
      audience,
      ...(operatorId === null ? {} : { subject: operatorId }),
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      maxTokenAge: deviceSeconds,
      currentDate: now,
    })
    return protectedHeader.kid === key.keyId && typeof payload.jti === 'string' ? payload.jti : null
  } catch {
    return null
  }
}
