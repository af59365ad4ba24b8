/** The ledger for executors: propose, revise, wait, claim, finish, read back. */
import * as z from 'zod/mini'
import {
  actionModes,
  actionStates,
  actionTiers,
  changeRequestSchema,
  decisionSchema,
  descriptorReferenceSchema,
  executionSchema,
  findingSchema,
  sentAnswers,
} from './external-actions.ts'
import {
  decisionBodyLimitBytes,
  jsonTimeoutMs,
  noBodyLimitBytes,
  observedTextLimit,
  proposalBodyLimitBytes,
  reportBodyLimitBytes,
  reportTextLimits,
} from './limits.ts'
import {
  actionIdSchema,
  executionIdSchema,
  phaseIdSchema,
  queryInteger,
  reportedText,
  runIdSchema,
  sha256Schema,
  timestampSchema,
  typedText,
} from './primitives.ts'
import { defineRoute } from './route.ts'

const count = z.int().check(z.gte(0))
const revisionNumber = z.int().check(z.gte(1))

/** What an executor reads of its own action. */
export const executorActionSchema = z.strictObject({
  action_id: actionIdSchema,
  state: z.enum(actionStates),
  revision: revisionNumber,
  version: count,
  run_id: z.nullable(runIdSchema),
  provider: z.string(),
  operation: z.string(),
  mode: z.enum(actionModes),
  tier: z.enum(actionTiers),
  blind: z.boolean(),
  payload_hash: sha256Schema,
  seal: z.string(),
  descriptor: z.nullable(descriptorReferenceSchema),
  findings: z.array(findingSchema),
  decide_by: timestampSchema,
  execute_by: z.nullable(timestampSchema),
  not_before: z.nullable(timestampSchema),
  authorized_by: z.nullable(z.enum(['people', 'policy'])),
  /** Asked for by a person: revise, or cancel. */
  change_request: z.nullable(changeRequestSchema),
  decisions: z.array(decisionSchema),
  execution: z.nullable(executionSchema),
  /** Where a person looks at it. */
  console_path: z.string(),
})
export type ExecutorAction = z.infer<typeof executorActionSchema>

const actionParams = z.object({ action_id: actionIdSchema })
const proposeScope = { plane: 'executor', scope: 'actions:propose', step_up: 'none' } as const
const executeScope = {
  plane: 'executor',
  scope: 'actions:execute',
  step_up: 'none',
  rate_class: 'execution',
  body_limit_bytes: reportBodyLimitBytes,
  timeout_ms: jsonTimeoutMs,
} as const

export const proposeExternalAction = defineRoute({
  id: 'proposeExternalAction',
  method: 'POST',
  path: '/external-actions',
  summary: 'Propose one external side effect',
  body: z.strictObject({
    /** Canonical JSON text; stored and hashed exactly as received. */
    payload: z.string(),
    run_id: z.optional(runIdSchema),
    phase_id: z.optional(phaseIdSchema),
    /** Optional claims; a value that differs from what policy computes is refused as `policy_mismatch`. */
    claimed_tier: z.optional(z.enum(actionTiers)),
    payload_hash: z.optional(sha256Schema),
    /**
     * A tier A or B action: let people decide, as tier C. Without it one that is over its grant is refused `cap_reached`. What cannot be
     * explained is tier C with it or without.
     */
    escalate: z.optional(z.boolean()),
  }),
  answer: { status: 201, kind: 'json', schema: executorActionSchema },
  problems: [
    'cap_reached',
    'payload_not_canonical',
    'policy_mismatch',
    'hash_mismatch',
    'not_found',
    'run_closed',
    'too_many_pending',
    'idempotency_key_required',
    'idempotency_key_reused',
  ],
  retry: 'same_idempotency_key',
  policy: { ...proposeScope, rate_class: 'proposal', body_limit_bytes: proposalBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const reviseExternalAction = defineRoute({
  id: 'reviseExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/revisions',
  summary: 'Replace the payload of an own action that was not claimed; decisions start over',
  params: actionParams,
  body: z.strictObject({
    payload: z.string(),
    payload_hash: z.optional(sha256Schema),
    /** The revision this one replaces; the same text again after it is the same edit. */
    after_revision: revisionNumber,
    escalate: z.optional(z.boolean()),
  }),
  answer: { status: 201, kind: 'json', schema: executorActionSchema },
  problems: [
    'cap_reached',
    'payload_not_canonical',
    'policy_mismatch',
    'hash_mismatch',
    'not_found',
    'not_open',
    'stale_revision',
    'expired',
    'too_many_pending',
  ],
  retry: 'safe',
  policy: { ...proposeScope, rate_class: 'proposal', body_limit_bytes: proposalBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const getExecutorAction = defineRoute({
  id: 'getExecutorAction',
  method: 'GET',
  path: '/external-actions/{action_id}',
  summary: 'One action of this executor; may wait for a newer version',
  params: actionParams,
  query: z.object({ wait_seconds: z.optional(queryInteger(0, 25)), after_version: z.optional(queryInteger(0, 1_000_000_000)) }),
  answer: { status: 200, kind: 'json', schema: executorActionSchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...proposeScope, rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: 35_000 },
})

export const getExecutorActionPayload = defineRoute({
  id: 'getExecutorActionPayload',
  method: 'GET',
  path: '/external-actions/{action_id}/payload',
  summary: 'Exactly the bytes that were proposed, of the revision in force or the one named',
  params: actionParams,
  query: z.object({ revision: z.optional(queryInteger(1, 1_000_000)) }),
  answer: { status: 200, kind: 'bytes', headers: ['content-type', 'content-length', 'x-payload-hash'] },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...proposeScope, rate_class: 'read', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

export const claimExternalAction = defineRoute({
  id: 'claimExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/claim',
  summary: 'Take an approved action, once',
  params: actionParams,
  body: z.strictObject({ revision: revisionNumber, payload_hash: sha256Schema }),
  answer: {
    status: 201,
    kind: 'json',
    schema: z.strictObject({
      action_id: actionIdSchema,
      execution_id: executionIdSchema,
      fence: z.int().check(z.gte(1)),
      revision: revisionNumber,
      payload: z.string(),
      payload_hash: sha256Schema,
      mode: z.enum(actionModes),
      lease_until: timestampSchema,
    }),
  },
  problems: [
    'not_found',
    'not_approved',
    'expired',
    'stale_revision',
    'hash_mismatch',
    'policy_mismatch',
    'in_hold',
    'already_claimed',
    'brake_engaged',
    'kill_switch_off',
    'dry_run_on',
    'cap_reached',
    'clock_moved_back',
    'idempotency_key_required',
    'idempotency_key_reused',
  ],
  retry: 'same_idempotency_key',
  policy: executeScope,
})

export const heartbeatExternalAction = defineRoute({
  id: 'heartbeatExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/heartbeat',
  summary: 'Extend the lease of an execution',
  params: actionParams,
  body: z.strictObject({ fence: z.int().check(z.gte(1)) }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ action_id: actionIdSchema, lease_until: timestampSchema }) },
  problems: ['not_found', 'not_executing', 'stale_fence'],
  retry: 'safe',
  policy: executeScope,
})

export const finishExternalAction = defineRoute({
  id: 'finishExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/finish',
  summary: 'Report what happened, with the current fence',
  params: actionParams,
  body: z.strictObject({
    fence: z.int().check(z.gte(1)),
    sent: z.enum(sentAnswers),
    /** `completed` needs `sent: yes`; `failed` with `sent: no` releases the reservation; `sent: unknown` ends in UNKNOWN. */
    outcome: z.enum(['completed', 'failed', 'unknown']),
    /** Over the bytes that were sent, or may have been; with `sent: no` it is not kept. */
    sent_sha256: z.optional(sha256Schema),
    external_object_id: z.optional(reportedText(reportTextLimits.external_object_id)),
    external_url: z.optional(reportedText(reportTextLimits.external_url)),
    error_code: z.optional(reportedText(reportTextLimits.error_code)),
    error_summary: z.optional(reportedText(reportTextLimits.error_summary)),
  }),
  answer: { status: 200, kind: 'json', schema: executorActionSchema },
  problems: ['not_found', 'not_executing', 'stale_fence', 'invalid_request'],
  retry: 'safe',
  policy: executeScope,
})

export const observeExternalAction = defineRoute({
  id: 'observeExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/observations',
  summary: 'Report the effect as it was read back from the provider',
  params: actionParams,
  body: z.strictObject({
    fence: z.int().check(z.gte(1)),
    /** JSON text of the object as the provider shows it; null: it could not be read, or is not there. */
    observed: z.nullable(z.string().check(z.maxLength(observedTextLimit))),
    detail: z.optional(reportedText(1_000)),
  }),
  answer: { status: 200, kind: 'json', schema: executorActionSchema },
  problems: ['not_found', 'not_executing', 'stale_fence', 'not_open', 'invalid_request'],
  retry: 'safe',
  policy: executeScope,
})

export const cancelExternalAction = defineRoute({
  id: 'cancelExternalAction',
  method: 'POST',
  path: '/external-actions/{action_id}/cancel',
  summary: 'Withdraw an own proposal that was not claimed',
  params: actionParams,
  body: z.strictObject({ reason: typedText(1_000) }),
  answer: { status: 200, kind: 'json', schema: executorActionSchema },
  problems: ['not_found', 'not_open'],
  retry: 'safe',
  policy: { ...proposeScope, rate_class: 'execution', body_limit_bytes: decisionBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})
