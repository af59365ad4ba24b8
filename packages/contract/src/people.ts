/** People administration: who may come in, as what, and who may not any more. */
import * as z from 'zod/mini'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { operatorIdSchema, operatorNameSchema, personSchema, timestampSchema, typedText } from './primitives.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'
import { signedActSchema } from './webauthn.ts'

const count = z.int().check(z.gte(0))

/** How long an invite can be accepted. */
export const inviteHours = 72

/** `invited`: has never come in; `disabled`: may not sign in, or their invite was ended. */
export const operatorStates = ['invited', 'enabled', 'disabled'] as const

/** What an admin may do to a person, in the order of a menu. */
export const personActs = ['set_role', 'disable', 'enable', 'reissue_invite'] as const
export const personActSchema = z.strictObject({
  action: z.enum(personActs),
  allowed: z.boolean(),
  /** Where not allowed: why. */
  why: z.nullable(z.string()),
})

export const inviteSchema = z.strictObject({
  /** `expired`: nobody came in time; another one can be issued. */
  state: z.enum(['open', 'expired']),
  created_at: timestampSchema,
  /** Null: whoever runs the server, with a command. */
  created_by: z.nullable(personSchema),
  expires_at: timestampSchema,
})

/** A person as an admin sees them. */
export const administrationSchema = z.strictObject({
  /** Moves with each change of role or standing. */
  version: count,
  created_at: timestampSchema,
  /** When they accepted their invite, or were made by the set-up; null: not yet. */
  joined_at: z.nullable(timestampSchema),
  /** Their last request, to the minute. */
  last_seen_at: z.nullable(timestampSchema),
  passkey_count: count,
  executor_count: count,
  /** Of all their executors; while the person is disabled these begin nothing new. */
  live_key_count: count,
  /** The one that is open or has expired without being used; null: there is none. */
  invite: z.nullable(inviteSchema),
  allowed_actions: z.array(personActSchema),
})

export const operatorEntrySchema = z.strictObject({
  operator_id: operatorIdSchema,
  name: z.string(),
  role: roleSchema,
  state: z.enum(operatorStates),
  /** Whoever asks. */
  is_self: z.boolean(),
  /** Null unless the asking person is an admin. */
  administration: z.nullable(administrationSchema),
})
export type OperatorEntry = z.infer<typeof operatorEntrySchema>

const change = {
  plane: 'operator',
  role: 'admin',
  step_up: 'none',
  rate_class: 'mutation',
  body_limit_bytes: decisionBodyLimitBytes,
  timeout_ms: jsonTimeoutMs,
} as const
const params = z.object({ operator_id: operatorIdSchema })
const reason = typedText(2_000)

/** Others than admins get the people who are enabled, with name and role: whom they may share an executor with. */
export const listOperators = defineRoute({
  id: 'listOperators',
  method: 'GET',
  path: '/operator/operators',
  summary: 'Everybody who may sign in here, by name; admins see everybody and everything about them',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(operatorEntrySchema), now: timestampSchema }) },
  problems: [],
  retry: 'safe',
  etag: true,
  policy: { ...change, role: 'viewer', rate_class: 'list', body_limit_bytes: noBodyLimitBytes },
})

const issuedInviteSchema = z.strictObject({
  operator: operatorEntrySchema,
  /** Shown once. The link for the person is the console's origin with `/invite#token=` and this. */
  secret: z.string(),
  expires_at: timestampSchema,
})

export const inviteOperator = defineRoute({
  id: 'inviteOperator',
  method: 'POST',
  path: '/operator/operators',
  summary: 'Invite somebody: they choose a password by the link, once',
  body: z.strictObject({ name: operatorNameSchema, role: roleSchema, signature: z.optional(signedActSchema) }),
  answer: { status: 201, kind: 'json', schema: issuedInviteSchema },
  problems: ['name_taken', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...change, step_up: 'control' },
})

export const reissueInvite = defineRoute({
  id: 'reissueInvite',
  method: 'POST',
  path: '/operator/operators/{operator_id}/invite',
  summary: 'Another link for somebody who has never come in; every earlier one is void',
  params,
  body: z.strictObject({ reason, signature: z.optional(signedActSchema) }),
  answer: { status: 201, kind: 'json', schema: issuedInviteSchema },
  problems: ['not_found', 'already_joined', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...change, step_up: 'control' },
})

export const setOperatorRole = defineRoute({
  id: 'setOperatorRole',
  method: 'POST',
  path: '/operator/operators/{operator_id}/role',
  summary: 'Give somebody else another role; their sessions end, and they sign in again',
  params,
  body: z.strictObject({ role: roleSchema, reason, signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: operatorEntrySchema },
  problems: ['not_found', 'own_role', 'last_admin', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'safe',
  policy: { ...change, step_up: 'control' },
})

/** Stops somebody, so nothing stands in its way but the last admin: no step-up, and the lane that nothing exhausts. */
export const disableOperator = defineRoute({
  id: 'disableOperator',
  method: 'POST',
  path: '/operator/operators/{operator_id}/disable',
  summary: 'Sessions and live views of this person end within five seconds; an open invite is void',
  params,
  body: z.strictObject({ reason }),
  answer: { status: 200, kind: 'json', schema: operatorEntrySchema },
  problems: ['not_found', 'last_admin', 'role_missing'],
  retry: 'safe',
  policy: { ...change, rate_class: 'safety' },
})

export const enableOperator = defineRoute({
  id: 'enableOperator',
  method: 'POST',
  path: '/operator/operators/{operator_id}/enable',
  summary: 'Let somebody in again who was disabled; they sign in anew',
  params,
  body: z.strictObject({ reason, signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: operatorEntrySchema },
  problems: ['not_found', 'not_joined', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'safe',
  policy: { ...change, step_up: 'control' },
})
