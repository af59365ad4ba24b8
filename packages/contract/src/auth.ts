/** Signing in, at the BFF. The session lives in an HttpOnly cookie and a row; the browser never sees a token. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes, signInBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'

export const sessionSchema = z.strictObject({
  operator: z.strictObject({ operator_id: z.string(), name: z.string(), role: roleSchema }),
  signed_in_at: timestampSchema,
  /** When they last showed who they are, by password or passkey; what asks for the password again looks at it. */
  authenticated_at: timestampSchema,
  /** How, as RFC 8176 names it. */
  methods: z.array(z.enum(['pwd', 'hwk'])),
  /** Moves with real input. */
  idle_expires_at: timestampSchema,
  expires_at: timestampSchema,
  now: timestampSchema,
})
export type Session = z.infer<typeof sessionSchema>

const base = { plane: 'console', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

export const login = defineRoute({
  id: 'login',
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Sign in with name and password',
  body: z.strictObject({ name: z.string().check(z.minLength(1), z.maxLength(100)), password: z.string().check(z.minLength(1), z.maxLength(1_000)) }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['wrong_credentials', 'too_many_attempts', 'login_busy', 'control_plane_unreachable'],
  retry: 'unsafe',
  policy: { ...base, role: 'anyone', rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})

/** The session gets a new id; what was open in other tabs goes on. */
export const stepUp = defineRoute({
  id: 'stepUp',
  method: 'POST',
  path: '/api/auth/step-up',
  summary: 'Show again who is signed in, with the password',
  body: z.strictObject({ password: z.string().check(z.minLength(1), z.maxLength(1_000)) }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['not_signed_in', 'wrong_credentials', 'too_many_attempts', 'login_busy', 'control_plane_unreachable'],
  retry: 'unsafe',
  policy: { ...base, role: 'viewer', rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})

export const logout = defineRoute({
  id: 'logout',
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'End this session',
  body: z.strictObject({}),
  answer: { status: 204, kind: 'json' },
  problems: [],
  retry: 'safe',
  policy: { ...base, role: 'anyone', rate_class: 'safety', body_limit_bytes: signInBodyLimitBytes },
})

export const getSession = defineRoute({
  id: 'getSession',
  method: 'GET',
  path: '/api/auth/me',
  summary: 'Who is signed in here, and until when',
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['not_signed_in'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})

export const recordActivity = defineRoute({
  id: 'recordActivity',
  method: 'POST',
  path: '/api/auth/activity',
  summary: 'Real input happened: keep the session from going idle',
  body: z.strictObject({}),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['not_signed_in'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'mutation', body_limit_bytes: signInBodyLimitBytes },
})

export const changePassword = defineRoute({
  id: 'changePassword',
  method: 'POST',
  path: '/api/auth/password',
  summary: 'Change the own password; every other session of this person ends',
  body: z.strictObject({
    current_password: z.string().check(z.minLength(1), z.maxLength(1_000)),
    new_password: z.string().check(z.minLength(1), z.maxLength(1_000)),
  }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['not_signed_in', 'wrong_credentials', 'weak_password', 'too_many_attempts', 'login_busy', 'control_plane_unreachable'],
  retry: 'unsafe',
  policy: { ...base, role: 'viewer', rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})

export const ownSessionSchema = z.strictObject({
  session_id: z.string(),
  current: z.boolean(),
  signed_in_at: timestampSchema,
  last_activity_at: timestampSchema,
  expires_at: timestampSchema,
  user_agent: z.string(),
  address: z.string(),
})

export const listSessions = defineRoute({
  id: 'listSessions',
  method: 'GET',
  path: '/api/auth/sessions',
  summary: 'The own sessions',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(ownSessionSchema) }) },
  problems: ['not_signed_in'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})

export const revokeSession = defineRoute({
  id: 'revokeSession',
  method: 'POST',
  path: '/api/auth/sessions/{session_id}/revoke',
  summary: 'End one of the own sessions',
  params: z.object({ session_id: z.string().check(z.regex(/^[0-9a-f]{16}$/)) }),
  body: z.strictObject({}),
  answer: { status: 204, kind: 'json' },
  problems: ['not_signed_in', 'not_found'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'safety', body_limit_bytes: signInBodyLimitBytes },
})

export const getJwks = defineRoute({
  id: 'getJwks',
  method: 'GET',
  path: '/api/auth/.well-known/jwks.json',
  summary: 'The public keys of this console (RFC 7517)',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ keys: z.array(z.record(z.string(), z.unknown())) }) },
  problems: [],
  retry: 'safe',
  policy: { ...base, role: 'anyone', rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})
