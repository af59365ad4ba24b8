/** Signing in with a passkey, at the BFF: a file of its own, because pages that are signed in need none of it. */
import * as z from 'zod/mini'
import { sessionSchema } from './auth.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, signInBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'
import { assertionSchema, nonceSchema } from './webauthn.ts'

const base = { plane: 'console', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

/** Nothing of a name is asked: the key says whose it is, and nobody learns who has one. */
export const startPasskeyLogin = defineRoute({
  id: 'startPasskeyLogin',
  method: 'POST',
  path: '/api/auth/passkey/challenge',
  summary: 'What a passkey has to sign to sign in',
  body: z.strictObject({}),
  answer: { status: 201, kind: 'json', schema: z.strictObject({ nonce: nonceSchema, expires_at: timestampSchema, rp_id: z.string() }) },
  problems: ['too_many_attempts', 'control_plane_unreachable'],
  retry: 'safe',
  policy: { ...base, role: 'anyone', rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})

export const loginWithPasskey = defineRoute({
  id: 'loginWithPasskey',
  method: 'POST',
  path: '/api/auth/passkey/login',
  summary: 'Sign in with a passkey',
  body: z.strictObject({ nonce: nonceSchema, assertion: assertionSchema }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['wrong_credentials', 'too_many_attempts', 'control_plane_unreachable'],
  retry: 'unsafe',
  policy: { ...base, role: 'anyone', rate_class: 'sign_in', body_limit_bytes: decisionBodyLimitBytes },
})
