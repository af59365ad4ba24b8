/** Executors, to people: whose they are, who sees what they do, and the keys they work with. */
import * as z from 'zod/mini'
import { executorKeySchema, keyActSchema } from './executor-keys.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { executorIdSchema, executorNameSchema, operatorIdSchema, personSchema, timestampSchema, typedText } from './primitives.ts'
import { defineRoute } from './route.ts'
import { signedActSchema } from './webauthn.ts'

/**
 * `expiring`: ends within `expiringSoonDays`, and nothing has replaced it; `replaced`: another key took its place, and it still works
 * until it ends.
 */
export const keyStandings = ['live', 'expiring', 'replaced', 'expired', 'revoked'] as const

/** What may be done to an executor. A new key for it is an admin's; replacing one is its owner's, too. */
export const executorActs = ['share', 'transfer', 'create_key'] as const

export const executorSchema = z.strictObject({
  executor_id: executorIdSchema,
  name: executorNameSchema,
  created_at: timestampSchema,
  owner: personSchema,
  /** False: a disabled person is accountable for it; hand it to somebody else. */
  owner_enabled: z.boolean(),
  /** Everybody who may sign in sees what it does. */
  shared_with_everyone: z.boolean(),
  /** Null to whoever neither owns it nor is an admin. */
  shared_with: z.nullable(z.array(personSchema)),
  /** Newest first, at most 20; null as above. */
  keys: z.nullable(z.array(z.strictObject({ ...executorKeySchema.shape, standing: z.enum(keyStandings), allowed_actions: z.array(keyActSchema) }))),
  allowed_actions: z.array(z.strictObject({ action: z.enum(executorActs), allowed: z.boolean(), why: z.nullable(z.string()) })),
})
export type Executor = z.infer<typeof executorSchema>

const change = {
  plane: 'operator',
  role: 'viewer',
  step_up: 'none',
  rate_class: 'mutation',
  body_limit_bytes: decisionBodyLimitBytes,
  timeout_ms: jsonTimeoutMs,
} as const
const params = z.object({ executor_id: executorIdSchema })

export const listExecutors = defineRoute({
  id: 'listExecutors',
  method: 'GET',
  path: '/operator/executors',
  summary: 'The executors that the person may see, by name; keys and sharing to their owner and to admins',
  answer: { status: 200, kind: 'json', schema: z.strictObject({ items: z.array(executorSchema), now: timestampSchema }) },
  problems: [],
  retry: 'safe',
  etag: true,
  policy: { ...change, rate_class: 'list', body_limit_bytes: noBodyLimitBytes },
})

export const transferExecutor = defineRoute({
  id: 'transferExecutor',
  method: 'POST',
  path: '/operator/executors/{executor_id}/owner',
  summary: 'Make another enabled person accountable for an executor; runs it started until now stay visible to who owned it',
  params,
  body: z.strictObject({ owner_operator_id: operatorIdSchema, reason: typedText(2_000), signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: executorSchema },
  problems: ['not_found', 'operator_not_enabled', 'role_missing', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'safe',
  policy: { ...change, step_up: 'control', role: 'admin' },
})

export const shareExecutor = defineRoute({
  id: 'shareExecutor',
  method: 'POST',
  path: '/operator/executors/{executor_id}/sharing',
  summary: 'Say who else sees what an executor does: nobody, these people, or everybody; by its owner or an admin',
  params,
  body: z.strictObject({
    shared_with_everyone: z.boolean(),
    /** Instead of those it was shared with until now. */
    shared_with: z.array(operatorIdSchema).check(z.maxLength(200)),
  }),
  answer: { status: 200, kind: 'json', schema: executorSchema },
  problems: ['not_found', 'role_missing', 'operator_not_enabled'],
  retry: 'safe',
  policy: change,
})
