/** People, as the control plane knows them: it owns who a person is and what they may do. */
import * as z from 'zod/mini'
import { jsonTimeoutMs, noBodyLimitBytes, reportBodyLimitBytes, signInBodyLimitBytes } from './limits.ts'
import { inviteTokenSchema, openInviteSchema } from './invites.ts'
import { problemCodes } from './problems.ts'
import { operatorIdSchema, operatorNameSchema, reportedText, timestampSchema } from './primitives.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'
import { setUpStateSchema, setUpTokenSchema } from './set-up.ts'

export const operatorSchema = z.strictObject({
  operator_id: operatorIdSchema,
  name: z.string(),
  role: roleSchema,
  enabled: z.boolean(),
})
export type Operator = z.infer<typeof operatorSchema>

export const getOwnOperator = defineRoute({
  id: 'getOwnOperator',
  method: 'GET',
  path: '/operator/operators/me',
  summary: 'The operator that the assertion names',
  answer: { status: 200, kind: 'json', schema: operatorSchema },
  problems: [],
  retry: 'safe',
  policy: { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

// What the console calls for itself, with the assertion subject `console`: no person is signed in there yet, or none asks.
const forConsole = { plane: 'operator', role: 'anyone', step_up: 'none', rate_class: 'none', timeout_ms: jsonTimeoutMs } as const

export const getOperatorSetUp = defineRoute({
  id: 'getOperatorSetUp',
  method: 'GET',
  path: '/operator/setup',
  summary: 'Whether the first operator is still to be made',
  answer: { status: 200, kind: 'json', schema: setUpStateSchema },
  problems: [],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: noBodyLimitBytes },
})

/**
 * Makes the first operator, an admin, for whoever holds the token that the start printed. Sent again with the same token and
 * name before anybody has signed in, it answers the same operator: what was cut off in between can be finished.
 */
export const createFirstOperator = defineRoute({
  id: 'createFirstOperator',
  method: 'POST',
  path: '/operator/setup',
  summary: 'The first operator, by the set-up token',
  body: z.strictObject({ token: setUpTokenSchema, name: operatorNameSchema }),
  answer: { status: 200, kind: 'json', schema: operatorSchema },
  problems: ['setup_link_refused', 'setup_begun', 'setup_closed'],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: signInBodyLimitBytes },
})

const standingSchema = z.strictObject({
  operator_id: operatorIdSchema,
  role: roleSchema,
  enabled: z.boolean(),
  /** Sessions that were opened before are over; null: none is. */
  sessions_since: z.nullable(timestampSchema),
})

/** So that sessions end wherever they are, soon after a person was disabled or got another role: asked every two seconds. */
export const listStandings = defineRoute({
  id: 'listStandings',
  method: 'GET',
  path: '/operator/standings',
  summary: 'What everybody may do at this moment',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(standingSchema) }) },
  problems: [],
  retry: 'safe',
  etag: true,
  policy: { ...forConsole, body_limit_bytes: noBodyLimitBytes },
})

export const readOperatorInvite = defineRoute({
  id: 'readOperatorInvite',
  method: 'POST',
  path: '/operator/invite/read',
  summary: 'Whom an invite is for, by its token',
  body: z.strictObject({ token: inviteTokenSchema }),
  answer: { status: 200, kind: 'json', schema: openInviteSchema },
  problems: ['invite_refused'],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: signInBodyLimitBytes },
})

/** Sent again with the same token before that person has signed in, it answers the same: what was cut off in between can be finished. */
export const acceptOperatorInvite = defineRoute({
  id: 'acceptOperatorInvite',
  method: 'POST',
  path: '/operator/invite',
  summary: 'Somebody comes in by the token of their invite',
  body: z.strictObject({ token: inviteTokenSchema }),
  answer: { status: 200, kind: 'json', schema: operatorSchema },
  problems: ['invite_refused'],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: signInBodyLimitBytes },
})

/**
 * What happens at the BFF alone and belongs in the audit log. Delivered from its outbox, idempotent by `delivery_id`; only the
 * console itself may call it.
 */
export const recordSignInEvents = defineRoute({
  id: 'recordSignInEvents',
  method: 'POST',
  path: '/operator/sign-in-events',
  summary: 'Sign-ins, sign-outs, and what the console itself refused, for the audit log',
  body: z.strictObject({
    events: z
      .array(
        z.strictObject({
          delivery_id: z.string().check(z.regex(/^[0-9a-f-]{36}$/)),
          kind: z.enum([
            'signed_in',
            'sign_in_refused',
            'signed_out',
            'password_changed',
            'password_reset',
            'session_revoked',
            'request_refused',
            'stepped_up',
          ]),
          /** Of the problem, for what was refused. */
          code: z.optional(z.enum(problemCodes)),
          operator_id: z.nullable(operatorIdSchema),
          /** As typed, for refused sign-ins of unknown names: never stored longer than 100 characters. */
          name: reportedText(100),
          at: z.string().check(z.maxLength(30)),
          detail: reportedText(300),
        }),
      )
      .check(z.minLength(1), z.maxLength(100)),
  }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ recorded: z.int() }) },
  problems: [],
  retry: 'safe',
  policy: { ...forConsole, body_limit_bytes: reportBodyLimitBytes },
})
