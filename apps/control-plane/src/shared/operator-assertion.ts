import { createHash, timingSafeEqual } from 'node:crypto'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { errors, jwtVerify } from 'jose'
import * as z from 'zod/mini'
import type { AssertionJwks } from './assertion-jwks.ts'

export const assertionHeader = 'x-operator-assertion'
export const assertionType = 'op-assertion+jwt'
export const assertionIssuer = 'autopack-bff'
export const assertionAudience = 'autopack-control-plane'
/** An assertion older than this, or made to live longer, is refused. */
const assertionLifetimeSeconds = 60
export const clockToleranceSeconds = 5

const hex = z.string().check(z.regex(/^[0-9a-f]{64}$/))
const always = {
  iat: z.int(),
  exp: z.int(),
  jti: z.string().check(z.regex(/^[A-Za-z0-9-]{16,64}$/)),
  htm: z.string(),
  htp: z.string(),
  bh: hex,
}
const operatorClaimsSchema = z.object({
  ...always,
  sub: z.string().check(z.regex(/^op_[0-9a-f-]{36}$/)),
  sid: hex,
  amr: z.array(z.string().check(z.maxLength(20))).check(z.minLength(1), z.maxLength(10)),
  auth_time: z.int().check(z.gte(0)),
})
/** The console speaks for itself: no session, no person. */
const consoleClaimsSchema = z.object({ ...always, sub: z.literal('console') })

export type OperatorClaims = z.infer<typeof operatorClaimsSchema>
export type AssertionClaims = OperatorClaims | z.infer<typeof consoleClaimsSchema>
/** `keyId`: the `kid` of the key that signed them. */
export type VerifiedAssertion = { claims: AssertionClaims; keyId: string }

const refused = (why: string) => new ProblemError('assertion_refused', why)

/**
 * Verifies an operator assertion (security.md, "BFF → control plane"): algorithm pinned to the key, type, issuer,
 * audience, age, and that it was made for this method and this target (path and query as sent). Whoever calls still has
 * to compare the body hash, to spend the `jti` and to look the operator up. Throws `assertion_refused`.
 */
export async function verifyAssertion(
  jwks: AssertionJwks | null,
  token: string | undefined,
  request: { method: string; target: string },
): Promise<VerifiedAssertion> {
  if (token === undefined || token === '') throw refused('The operator assertion is missing.')
  if (!jwks) throw refused('This control plane has no key to verify operator assertions with.')
  const verified = await verifyToken(jwks, token)
  const { claims } = verified
  if (claims.exp - claims.iat > assertionLifetimeSeconds) throw refused('The operator assertion is made to live too long.')
  if (claims.htm !== request.method) throw refused('The operator assertion was made for another method.')
  if (claims.htp !== request.target) throw refused('The operator assertion was made for another path or query.')
  return verified
}

async function verifyToken(jwks: AssertionJwks, token: string): Promise<VerifiedAssertion> {
  let payload: unknown
  let keyId: string
  try {
    const verified = await jwtVerify(
      token,
      ({ kid, alg }) => {
        const known = kid === undefined ? undefined : jwks.get(kid)
        if (!known || known.alg !== alg) throw refused('The operator assertion is signed with an unknown key or another algorithm.')
        return known.key
      },
      {
        algorithms: [...new Set([...jwks.values()].map(({ alg }) => alg))],
        typ: assertionType,
        issuer: assertionIssuer,
        audience: assertionAudience,
        requiredClaims: ['sub', 'iat', 'exp', 'jti', 'htm', 'htp', 'bh'],
        maxTokenAge: assertionLifetimeSeconds,
        clockTolerance: clockToleranceSeconds,
      },
    )
    payload = verified.payload
    // There is one: without, no key was found above.
    keyId = verified.protectedHeader.kid!
  } catch (error) {
    if (error instanceof ProblemError) throw error
    if (error instanceof errors.JWTExpired) throw refused('The operator assertion is too old.')
    throw refused('The operator assertion does not verify.')
  }
  const forConsole = (payload as { sub?: unknown }).sub === 'console'
  const parsed = z.safeParse(forConsole ? consoleClaimsSchema : operatorClaimsSchema, payload)
  if (!parsed.success) throw refused('The operator assertion lacks a claim, or has one of the wrong form.')
  return { claims: parsed.data, keyId }
}

/** Refuses a body other than the one the assertion was made for. */
export function checkBodyHash(claims: AssertionClaims, body: Uint8Array): void {
  const actual = createHash('sha256').update(body).digest()
  if (!timingSafeEqual(actual, Buffer.from(claims.bh, 'hex'))) throw refused('The operator assertion was made for another body.')
}
