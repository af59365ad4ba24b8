import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto'

export type AssertedRequest = { method: string; target: string; body: string }

/** What the console claims when a person asks for exactly this request now. */
export function toClaims(operatorId: string, request: AssertedRequest): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: 'autopack-bff',
    aud: 'autopack-control-plane',
    sub: operatorId,
    sid: createHash('sha256').update(randomUUID()).digest('hex'),
    amr: ['pwd'],
    auth_time: now - 30,
    iat: now,
    exp: now + 60,
    jti: randomUUID(),
    htm: request.method,
    htp: request.target,
    bh: createHash('sha256').update(request.body).digest('hex'),
  }
}

/** A JWT (RFC 7519, EdDSA) made by hand with the key of the data folder: what somebody could do who stole that file. */
export function signClaims(claims: Record<string, unknown>, pem: string, kid: string): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const head = `${encode({ alg: 'EdDSA', typ: 'op-assertion+jwt', kid })}.${encode(claims)}`
  return `${head}.${sign(null, Buffer.from(head), createPrivateKey(pem)).toString('base64url')}`
}
