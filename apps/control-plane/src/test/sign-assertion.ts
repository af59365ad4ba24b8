import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'
import type { JWTPayload } from 'jose'
import { readAssertionJwks } from '../shared/assertion-jwks.ts'
import type { AssertionJwks } from '../shared/assertion-jwks.ts'
import { assertionAudience, assertionIssuer, assertionType } from '../shared/operator-assertion.ts'

const pair = generateKeyPairSync('ed25519')
const testKid = 'test-key'
const testPrivateKey = pair.privateKey
export const testJwksText = JSON.stringify({ keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: testKid, use: 'sig', alg: 'EdDSA' }] })

export const testJwks: AssertionJwks = (() => {
  const read = readAssertionJwks(testJwksText)
  if (!read.ok) throw new Error(read.why)
  return read.jwks
})()

export type AssertedRequest = { sub: string; method: string; target: string; body: Uint8Array; authAgeSeconds?: number }

/** The claims that the console makes for a request at this moment. */
export function toAssertionClaims(request: AssertedRequest): JWTPayload {
  const issuedAt = Math.floor(Date.now() / 1000)
  return {
    iss: assertionIssuer,
    aud: assertionAudience,
    sub: request.sub,
    sid: createHash('sha256').update(`session of ${request.sub}`).digest('hex'),
    amr: ['pwd'],
    auth_time: issuedAt - (request.authAgeSeconds ?? 10),
    iat: issuedAt,
    exp: issuedAt + 60,
    jti: randomUUID(),
    htm: request.method,
    htp: request.target,
    bh: createHash('sha256').update(request.body).digest('hex'),
  }
}

export async function signAssertion(
  claims: JWTPayload,
  options: { typ?: string; alg?: string; kid?: string; key?: Parameters<SignJWT['sign']>[0] } = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: options.alg ?? 'EdDSA', typ: options.typ ?? assertionType, kid: options.kid ?? testKid })
    .sign(options.key ?? testPrivateKey)
}
