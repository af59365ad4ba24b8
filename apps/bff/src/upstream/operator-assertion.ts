/**
 * The operator assertion: a signed statement that this person asks for exactly this request, for at most a minute. The
 * control plane takes nothing else from the BFF on trust, not even the role.
 */
import { createHash, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import { tokenIssuer } from '../shared/signing-key.ts'
import type { SigningKey } from '../shared/signing-key.ts'

export const assertionHeader = 'x-operator-assertion'
const lifetimeSeconds = 60

/** Who asks: a person, or the console itself, delivering its outbox, which has no session and never signed in. */
export type Subject = { operatorId: string; sidSha256: string; amr: readonly string[]; authTime: Date } | 'console'

export type BoundRequest = { method: string; target: string; body: Uint8Array | undefined }

export async function signOperatorAssertion(key: SigningKey, subject: Subject, request: BoundRequest, now: Date): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1_000)
  return new SignJWT({
    ...(subject === 'console' ? {} : { sid: subject.sidSha256, amr: [...subject.amr], auth_time: Math.floor(subject.authTime.getTime() / 1_000) }),
    htm: request.method,
    htp: request.target,
    bh: createHash('sha256')
      .update(request.body ?? new Uint8Array())
      .digest('hex'),
  })
    .setProtectedHeader({ alg: key.algorithm, typ: 'op-assertion+jwt', kid: key.keyId })
    .setIssuer(tokenIssuer)
    .setAudience('autopack-control-plane')
    .setSubject(subject === 'console' ? subject : subject.operatorId)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(key.privateKey)
}
