/** What people see and set of it: brakes with who and why, switches, working caps. */
import * as z from 'zod/mini'
import { brakeScopeSchema, capSchema, controlSwitches, inForceShape } from './control.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { actionIdSchema, cursorSchema, executionIdSchema, personSchema, queryInteger, timestampSchema, typedText } from './primitives.ts'
import { defineRoute } from './route.ts'
import { signedActSchema } from './webauthn.ts'

const count = z.int().check(z.gte(0))
const currencySchema = z.string().check(z.regex(/^[A-Z]{3}$/))

export const brakeSchema = z.strictObject({
  brake_id: z.string(),
  scope: brakeScopeSchema,
  /** The scope as a person reads it: a run's or an executor's name. */
  scope_name: z.string(),
  engaged_at: timestampSchema,
  engaged_by: personSchema,
  engaged_reason: z.string(),
  /** False: the audit log could not be written when it was engaged, and has not caught up yet. */
  audited: z.boolean(),
  released_at: z.nullable(timestampSchema),
  released_by: z.nullable(personSchema),
  released_reason: z.nullable(z.string()),
})
export type Brake = z.infer<typeof brakeSchema>

export const controlSchema = z.strictObject({
  ...inForceShape,
  switches: z.array(
    z.strictObject({
      name: z.enum(controlSwitches),
      /** What is in force. For `DRY_RUN`, true means that nothing is sent. */
      on: z.boolean(),
      /** The environment's word; the live row alone cannot go beyond it. */
      ceiling: z.boolean(),
      /** The live row's word; null: there is no row, and everything is stopped. */
      row: z.nullable(z.boolean()),
      variable: z.string(),
    }),
  ),
  /** All that are engaged, the oldest first. */
  brakes: z.array(brakeSchema),
  caps: z.array(
    z.strictObject({
      ...capSchema.shape,
      /** Null: the whole deployment; otherwise the kind of action, or `grant:` and the kind. */
      scope: z.nullable(z.string()),
      /** The most that a working value may be. */
      ceiling: count,
      /** Null: nobody set one, the ceiling is in force. Kinds of action have none: their limits are in the catalog. */
      working: z.nullable(count),
      set_by: z.nullable(personSchema),
      set_at: z.nullable(timestampSchema),
      /** Cost, or number, of the live actions that wait for a person or a claim and that the person may see; 2^53 - 1 when it is more. */
      waiting: count,
    }),
  ),
  version: count,
  now: timestampSchema,
})
export type Control = z.infer<typeof controlSchema>

const read = { step_up: 'none', rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const
const change = { plane: 'operator', step_up: 'none', body_limit_bytes: decisionBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const getControl = defineRoute({
  id: 'getControl',
  method: 'GET',
  path: '/operator/control',
  summary: 'What is switched on right now',
  answer: { status: 200, kind: 'json', schema: controlSchema },
  problems: [],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', ...read },
})

/** An execution that was handed out before the brake and may still reach the outside: the brake cannot call it back. */
export const runningExecutionSchema = z.strictObject({
  action_id: actionIdSchema,
  execution_id: executionIdSchema,
  sentence: z.string(),
  executor: z.strictObject({ executor_id: z.string(), name: z.string() }),
  claimed_at: timestampSchema,
  lease_until: timestampSchema,
})

export const engageBrake = defineRoute({
  id: 'engageBrake',
  method: 'POST',
  path: '/operator/control/brake',
  summary: 'Stop: from this answer on no claim in this scope commits; lists what cannot be recalled',
  body: z.strictObject({ scope: brakeScopeSchema, reason: typedText(2_000) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      brake: brakeSchema,
      /** The oldest 100 of those that the person may see. */
      cannot_recall: z.array(runningExecutionSchema),
      /** All in this scope, whoever may see them. */
      cannot_recall_total: count,
      stopped_count: count,
    }),
  },
  problems: ['not_found', 'invalid_request'],
  retry: 'safe',
  policy: { ...change, role: 'approver', rate_class: 'safety' },
})

export const releaseBrake = defineRoute({
  id: 'releaseBrake',
  method: 'POST',
  path: '/operator/control/brake/release',
  summary: 'Let claims of this scope go on; launch holds start over',
  body: z.strictObject({ brake_id: z.string().check(z.maxLength(100)), reason: typedText(2_000), signature: z.optional(signedActSchema) }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ brake: brakeSchema, holds_restarted_count: count }) },
  problems: ['not_found', 'role_missing', 'not_open', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'unsafe',
  policy: { ...change, step_up: 'control', role: 'admin', rate_class: 'decision' },
})

export const listBrakes = defineRoute({
  id: 'listBrakes',
  method: 'GET',
  path: '/operator/control/brakes',
  summary: 'Every brake there was, the newest first',
  query: z.object({ cursor: z.optional(cursorSchema), limit: z.optional(queryInteger(1, 100)) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({ items: z.array(brakeSchema), next_cursor: z.nullable(cursorSchema), now: timestampSchema }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { plane: 'operator', role: 'viewer', ...read, rate_class: 'list' },
})

export const setCap = defineRoute({
  id: 'setCap',
  method: 'POST',
  path: '/operator/control/caps',
  summary: 'Set the working value of a daily cap, at or below its ceiling',
  body: z.strictObject({
    /** Null: the count of actions. */
    currency: z.nullable(currencySchema),
    /** Minor units, or actions. */
    cap: z.int().check(z.gte(0)),
    reason: typedText(2_000),
    /** For raising it. */
    signature: z.optional(signedActSchema),
  }),
  answer: { status: 200, kind: 'json', schema: controlSchema },
  problems: ['role_missing', 'over_ceiling', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'safe',
  policy: { ...change, step_up: 'control_for_more', role: 'approver', rate_class: 'decision' },
})

export const setSwitch = defineRoute({
  id: 'setSwitch',
  method: 'POST',
  path: '/operator/control/switches',
  summary: 'Turn a switch of the live row',
  body: z.strictObject({
    name: z.enum(controlSwitches),
    on: z.boolean(),
    reason: typedText(2_000),
    /** For whatever lets more happen. */
    signature: z.optional(signedActSchema),
  }),
  answer: { status: 200, kind: 'json', schema: controlSchema },
  problems: ['role_missing', 'over_ceiling', 'step_up_required', 'challenge_refused', 'signature_refused'],
  retry: 'safe',
  policy: { ...change, step_up: 'control_for_more', role: 'approver', rate_class: 'decision' },
})
