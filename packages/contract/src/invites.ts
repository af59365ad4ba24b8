/** Accepting an invite, at the BFF: a file of its own, because its page needs nothing else about people. */
import * as z from 'zod/mini'
import { sessionSchema } from './auth.ts'
import { jsonTimeoutMs, signInBodyLimitBytes } from './limits.ts'
import { timestampSchema } from './primitives.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'

/** What stands behind `#token=` in the link; any text is checked the same way. */
export const inviteTokenSchema = z.string().check(z.minLength(1), z.maxLength(200))

/** What whoever holds the token may know of it. */
export const openInviteSchema = z.strictObject({
  name: z.string(),
  role: roleSchema,
  /** Null: whoever runs the server. */ invited_by: z.nullable(z.string()),
  expires_at: timestampSchema,
})

const base = { plane: 'console', role: 'anyone', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

/** A POST although it changes nothing: the token may stand in no address, no log and no history. */
export const readInvite = defineRoute({
  id: 'readInvite',
  method: 'POST',
  path: '/api/auth/invite/read',
  summary: 'Whom an invite is for, for whoever holds its token',
  body: z.strictObject({ token: inviteTokenSchema }),
  answer: { status: 200, kind: 'json', schema: openInviteSchema },
  problems: ['invite_refused', 'too_many_attempts', 'control_plane_unreachable'],
  retry: 'safe',
  policy: { ...base, rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})

export const acceptInvite = defineRoute({
  id: 'acceptInvite',
  method: 'POST',
  path: '/api/auth/invite',
  summary: 'Accept an invite: choose a password, and be signed in',
  body: z.strictObject({ token: inviteTokenSchema, password: z.string().check(z.minLength(1), z.maxLength(1_000)) }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: ['invite_refused', 'invite_used', 'name_taken', 'weak_password', 'too_many_attempts', 'login_busy', 'control_plane_unreachable'],
  retry: 'unsafe',
  policy: { ...base, rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})
