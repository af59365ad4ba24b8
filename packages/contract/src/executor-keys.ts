/** Keys of executors: 256 random bits, shown once, stored hashed. A key never decides. */
import * as z from 'zod/mini'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { executorKeyIdSchema, executorNameSchema, operatorIdSchema, personSchema, timestampSchema, typedText } from './primitives.ts'
import { defineRoute } from './route.ts'
import { scopeSchema, scopes } from './scopes.ts'
import { signedActSchema } from './webauthn.ts'

/** A key that ends within this many days and has no successor is shown as about to end. */
export const expiringSoonDays = 14
/** How long a replaced key may go on working, at most. */
export const rotationHoursLimit = 7 * 24

export const keyActs = ['rotate', 'revoke'] as const
export const keyActSchema = z.strictObject({ action: z.enum(keyActs), allowed: z.boolean(), why: z.nullable(z.string()) })

export const executorKeySchema = z.strictObject({
  key_id: executorKeyIdSchema,
  executor: z.strictObject({ executor_id: z.string(), name: executorNameSchema }),
  owner: personSchema,
  scopes: z.array(scopeSchema),
  created_at: timestampSchema,
  expires_at: timestampSchema,
  revoked_at: z.nullable(timestampSchema),
  last_used_at: z.nullable(timestampSchema),
})

const base = { plane: 'operator', role: 'admin', step_up: 'none', timeout_ms: jsonTimeoutMs } as const
const params = z.object({ key_id: executorKeyIdSchema })
const lifetimeDays = z._default(z.int().check(z.gte(1), z.lte(365)), 90)
const issuedKeySchema = z.strictObject({ key: executorKeySchema, /** Shown once. */ secret: z.string() })

export const listExecutorKeys = defineRoute({
  id: 'listExecutorKeys',
  method: 'GET',
  path: '/operator/executor-keys',
  summary: 'All executor keys, without their secrets',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(executorKeySchema) }) },
  problems: [],
  retry: 'safe',
  policy: { ...base, rate_class: 'list', body_limit_bytes: noBodyLimitBytes },
})

export const createExecutorKey = defineRoute({
  id: 'createExecutorKey',
  method: 'POST',
  path: '/operator/executor-keys',
  summary: 'Create a key; the executor of this name is created with its first key',
  body: z.strictObject({
    executor_name: executorNameSchema,
    scopes: z._default(z.array(scopeSchema).check(z.minLength(1)), [...scopes]),
    expires_in_days: lifetimeDays,
    /** Of a new executor, instead of the admin who asks; one that exists keeps its owner. */
    owner_operator_id: z.optional(operatorIdSchema),
    /** Everybody who may sign in sees its runs; otherwise its owner and admins only. */
    shared_with_everyone: z._default(z.boolean(), false),
    signature: z.optional(signedActSchema),
  }),
  answer: { status: 201, kind: 'json', schema: issuedKeySchema },
  problems: ['too_many_keys', 'operator_not_enabled', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...base, step_up: 'control', rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})

/** One act: the new key, and the moment the old one ends. By the executor's owner, or an admin. */
export const rotateExecutorKey = defineRoute({
  id: 'rotateExecutorKey',
  method: 'POST',
  path: '/operator/executor-keys/{key_id}/rotate',
  summary: 'Replace a key: a new one at once, the old one goes on working for the hours said',
  params,
  body: z.strictObject({
    /** 0: the old one ends now. Never longer than it had anyway. */
    old_key_hours: z._default(z.int().check(z.gte(0), z.lte(rotationHoursLimit)), 24),
    expires_in_days: lifetimeDays,
    /** Those of the old key unless given; only an admin gives more than it had. */
    scopes: z.optional(z.array(scopeSchema).check(z.minLength(1))),
    signature: z.optional(signedActSchema),
  }),
  answer: { status: 201, kind: 'json', schema: z.strictObject({ ...issuedKeySchema.shape, replaced: executorKeySchema }) },
  problems: ['not_found', 'key_not_live', 'too_many_keys', 'scope_widened', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...base, step_up: 'control', role: 'viewer', rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})

export const revokeExecutorKey = defineRoute({
  id: 'revokeExecutorKey',
  method: 'POST',
  path: '/operator/executor-keys/{key_id}/revoke',
  summary: 'Make a key unusable at once; by the owner of its executor, or an admin',
  params,
  body: z.strictObject({ reason: z.optional(typedText(2_000)) }),
  answer: { status: 200, kind: 'json', schema: executorKeySchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...base, role: 'viewer', rate_class: 'safety', body_limit_bytes: decisionBodyLimitBytes },
})
