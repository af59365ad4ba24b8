/** The first run, at the BFF: a file of its own, because the pages need it long before anything else about operators. */
import * as z from 'zod/mini'
import { sessionSchema } from './auth.ts'
import { jsonTimeoutMs, noBodyLimitBytes, signInBodyLimitBytes } from './limits.ts'
import { operatorNameSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

/** `needed`: nobody has set this control plane up to the end, so the link of its last start may still be used. */
export const setUpStateSchema = z.strictObject({ needed: z.boolean() })

/** What stands behind `#token=` in the link; any text is checked the same way. */
export const setUpTokenSchema = z.string().check(z.minLength(1), z.maxLength(200))

const base = { plane: 'console', role: 'anyone', step_up: 'none', timeout_ms: jsonTimeoutMs } as const

/** Anybody may know: the sign-in page tells the first person what to do, and after that there is nothing to learn from it. */
export const getSetUp = defineRoute({
  id: 'getSetUp',
  method: 'GET',
  path: '/api/auth/setup',
  summary: 'Whether this console is still to be set up',
  answer: { status: 200, kind: 'json', schema: setUpStateSchema },
  problems: ['control_plane_unreachable'],
  retry: 'safe',
  policy: { ...base, rate_class: 'read', body_limit_bytes: noBodyLimitBytes },
})

export const setUp = defineRoute({
  id: 'setUp',
  method: 'POST',
  path: '/api/auth/setup',
  summary: 'Make the first admin with the link that the control plane printed at its start, and sign in',
  body: z.strictObject({ token: setUpTokenSchema, name: operatorNameSchema, password: z.string().check(z.minLength(1), z.maxLength(1_000)) }),
  answer: { status: 200, kind: 'json', schema: sessionSchema },
  problems: [
    'setup_link_refused',
    'setup_begun',
    'setup_closed',
    'name_taken',
    'weak_password',
    'too_many_attempts',
    'login_busy',
    'control_plane_unreachable',
  ],
  retry: 'unsafe',
  policy: { ...base, rate_class: 'sign_in', body_limit_bytes: signInBodyLimitBytes },
})
