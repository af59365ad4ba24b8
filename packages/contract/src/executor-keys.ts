/** Keys of executors: 256 random bits, shown once, stored hashed. A key never decides. */
import * as z from 'zod/mini'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { executorKeyIdSchema, executorNameSchema, timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'
import { personSchema } from './runs.ts'
import { scopeSchema, scopes } from './scopes.ts'

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
    expires_in_days: z._default(z.int().check(z.gte(1), z.lte(365)), 90),
    /** Everybody who may sign in sees its runs; otherwise its owner and admins only. */
    shared_with_everyone: z._default(z.boolean(), false),
  }),
  answer: {
    status: 201,
    kind: 'json',
    schema: z.strictObject({ key: executorKeySchema, /** Shown once. */ secret: z.string() }),
  },
  problems: ['too_many_keys'],
  retry: 'unsafe',
  policy: { ...base, rate_class: 'mutation', body_limit_bytes: decisionBodyLimitBytes },
})

export const revokeExecutorKey = defineRoute({
  id: 'revokeExecutorKey',
  method: 'POST',
  path: '/operator/executor-keys/{key_id}/revoke',
  summary: 'Make a key unusable at once',
  params: z.object({ key_id: executorKeyIdSchema }),
  body: z.strictObject({}),
  answer: { status: 200, kind: 'json', schema: executorKeySchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...base, rate_class: 'safety', body_limit_bytes: decisionBodyLimitBytes },
})
