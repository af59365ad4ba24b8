/** The ledger on the wire: proposing, deciding, claiming and finishing external side effects. */
import * as z from 'zod/mini'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes, proposalBodyLimitBytes, reportBodyLimitBytes } from './limits.ts'
import {
  actionIdSchema,
  cursorSchema,
  executionIdSchema,
  moneySchema,
  phaseIdSchema,
  queryInteger,
  reportedText,
  runIdSchema,
  sha256Schema,
  timestampSchema,
  totalSchema,
  typedText,
} from './primitives.ts'
import { roleSchema } from './roles.ts'
import { defineRoute } from './route.ts'
import { personSchema } from './runs.ts'

export const actionStates = [
  'PENDING',
  'APPROVED',
  'EXECUTING',
  'COMPLETED',
  'FAILED',
  'UNKNOWN',
  'SIMULATED',
  'REJECTED',
  'REVOKED',
  'EXPIRED',
  'CANCELLED',
] as const
export type ActionState = (typeof actionStates)[number]

export const actionModes = ['live', 'dry_run'] as const
export const actionTiers = ['A', 'B', 'C'] as const
export const riskLevels = ['low', 'medium', 'high', 'critical'] as const
export const rejectKinds = ['never', 'not_now', 'change_this'] as const
export const sentAnswers = ['no', 'yes', 'unknown'] as const

const count = z.int().check(z.gte(0))
const revisionNumber = z.int().check(z.gte(1))

export const descriptorReferenceSchema = z.strictObject({ id: z.string(), version: z.int().check(z.gte(1)), sha256: sha256Schema })

export const decisionSchema = z.strictObject({
  decision_id: z.string(),
  kind: z.enum(['approve', 'reject']),
  reject_kind: z.nullable(z.enum(rejectKinds)),
  reason: z.string(),
  revision: revisionNumber,
  payload_hash: sha256Schema,
  decided_by: personSchema,
  decided_at: timestampSchema,
  /** False until approvals are signed with a passkey. */
  signed: z.boolean(),
})

export const findingSchema = z.strictObject({
  code: z.string(),
  /** `could_not_check` is a finding, not a pass. */
  level: z.enum(['finding', 'could_not_check', 'pass']),
  title: z.string(),
  detail: z.string(),
})

export const executionSchema = z.strictObject({
  execution_id: executionIdSchema,
  revision: revisionNumber,
  fence: z.int().check(z.gte(1)),
  claimed_at: timestampSchema,
  lease_until: timestampSchema,
  finished_at: z.nullable(timestampSchema),
  sent: z.nullable(z.enum(sentAnswers)),
  /** SHA-256 over the bytes the executor says it sent. */
  sent_sha256: z.nullable(sha256Schema),
  /** SHA-256 over the bytes that the approved payload encodes to, recomputed by the control plane. */
  expected_sha256: sha256Schema,
  external_object_id: z.nullable(z.string()),
  external_url: z.nullable(z.string()),
  error_code: z.nullable(z.string()),
  error_summary: z.nullable(z.string()),
})

export const operatorActs = ['approve', 'reject'] as const
export const allowedActionSchema = z.strictObject({
  action: z.enum(operatorActs),
  allowed: z.boolean(),
  /** Where not allowed: why, and who may. */
  why: z.nullable(z.string()),
})

export const externalActionSummarySchema = z.strictObject({
  action_id: actionIdSchema,
  run_id: z.nullable(runIdSchema),
  run_name: z.nullable(z.string()),
  phase_id: z.nullable(z.string()),
  executor: z.strictObject({ executor_id: z.string(), name: z.string() }),
  state: z.enum(actionStates),
  revision: revisionNumber,
  version: count,
  provider: z.string(),
  operation: z.string(),
  target: z.string(),
  title: z.string(),
  /** One sentence for a person; shown, never bound. */
  sentence: z.string(),
  mode: z.enum(actionModes),
  tier: z.enum(actionTiers),
  cost: z.nullable(moneySchema),
  risk: z.strictObject({ score: z.int(), level: z.enum(riskLevels) }),
  blind: z.boolean(),
  payload_hash: sha256Schema,
  seal: z.string(),
  requested_at: timestampSchema,
  decide_by: timestampSchema,
  execute_by: z.nullable(timestampSchema),
  decided_at: z.nullable(timestampSchema),
  decided_by: z.nullable(personSchema),
  finished_at: z.nullable(timestampSchema),
})
export type ExternalActionSummary = z.infer<typeof externalActionSummarySchema>

export const externalActionSchema = z.strictObject({
  ...externalActionSummarySchema.shape,
  payload_size_bytes: count,
  descriptor: z.nullable(descriptorReferenceSchema),
  kill_switch: z.nullable(z.string()),
  coverage: z.strictObject({ explained: count, present: count }),
  risk_contributions: z.array(z.strictObject({ label: z.string(), points: z.int() })),
  findings: z.array(findingSchema),
  /** Everybody who has to say yes: one row a slot. */
  slots: z.array(z.strictObject({ group: count, slot: count, role: roleSchema, filled_by: z.nullable(personSchema) })),
  decisions: z.array(decisionSchema),
  execution: z.nullable(executionSchema),
  allowed_actions: z.array(allowedActionSchema),
  now: timestampSchema,
})
export type ExternalAction = z.infer<typeof externalActionSchema>

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
const operatorRead = { plane: 'operator', role: 'viewer', step_up: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

// ---------------------------------------------------------------- executor plane

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
  }),
  answer: { status: 201, kind: 'json', schema: executorActionSchema },
  problems: [
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
  summary: 'Exactly the bytes that were proposed',
  params: actionParams,
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
    sent_sha256: z.optional(sha256Schema),
    external_object_id: z.optional(reportedText(200)),
    external_url: z.optional(reportedText(2_000)),
    error_code: z.optional(reportedText(100)),
    error_summary: z.optional(reportedText(1_000)),
  }),
  answer: { status: 200, kind: 'json', schema: executorActionSchema },
  problems: ['not_found', 'not_executing', 'stale_fence', 'invalid_request'],
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

// ---------------------------------------------------------------- operator plane

export const listExternalActions = defineRoute({
  id: 'listExternalActions',
  method: 'GET',
  path: '/operator/external-actions',
  summary: 'The ledger, newest first',
  query: z.object({
    state: z.optional(z.enum(actionStates)),
    run_id: z.optional(runIdSchema),
    q: z.optional(z.string().check(z.maxLength(200))),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(externalActionSummarySchema),
      total: totalSchema,
      next_cursor: z.nullable(cursorSchema),
      now: timestampSchema,
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'list', ...operatorRead },
})

export const getExternalAction = defineRoute({
  id: 'getExternalAction',
  method: 'GET',
  path: '/operator/external-actions/{action_id}',
  summary: 'One action with its decisions and its execution',
  params: actionParams,
  answer: { status: 200, kind: 'json', schema: externalActionSchema },
  problems: ['not_found'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'read', ...operatorRead },
})

export const getExternalActionPayload = defineRoute({
  id: 'getExternalActionPayload',
  method: 'GET',
  path: '/operator/external-actions/{action_id}/payload',
  summary: 'Exactly the bytes that would be sent',
  params: actionParams,
  query: z.object({ revision: z.optional(queryInteger(1, 1_000_000)) }),
  answer: { status: 200, kind: 'bytes', headers: ['content-type', 'content-length', 'x-payload-hash'] },
  problems: ['not_found'],
  retry: 'safe',
  policy: { rate_class: 'read', ...operatorRead },
})

export const decideExternalAction = defineRoute({
  id: 'decideExternalAction',
  method: 'POST',
  path: '/operator/external-actions/{action_id}/decision',
  summary: 'Approve or reject one revision, bound to its payload hash',
  params: actionParams,
  body: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('approve'),
      revision: revisionNumber,
      payload_hash: sha256Schema,
      /** Null only for a blind action. */
      descriptor: z.nullable(descriptorReferenceSchema),
      /** SHA-256 of the rendering the browser showed. */
      display_sha256: sha256Schema,
      reason: typedText(2_000),
    }),
    z.strictObject({
      kind: z.literal('reject'),
      revision: revisionNumber,
      payload_hash: sha256Schema,
      reject_kind: z.enum(rejectKinds),
      reason: typedText(2_000),
    }),
  ]),
  answer: { status: 200, kind: 'json', schema: externalActionSchema },
  problems: [
    'not_found',
    'role_missing',
    'self_approval',
    'already_decided',
    'stale_revision',
    'hash_mismatch',
    'policy_mismatch',
    'expired',
    'brake_engaged',
    'not_open',
  ],
  retry: 'unsafe',
  policy: {
    plane: 'operator',
    role: 'approver',
    step_up: 'none',
    rate_class: 'decision',
    body_limit_bytes: decisionBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

/** One queue of everything that waits for a person; other kinds join it later. */
export const listApprovals = defineRoute({
  id: 'listApprovals',
  method: 'GET',
  path: '/operator/approvals',
  summary: 'What waits for a person, the nearest deadline first',
  query: z.object({
    scope: z.optional(z.enum(['actionable', 'open', 'decided'])),
    q: z.optional(z.string().check(z.maxLength(200))),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(
        z.strictObject({
          approval_ref: z.strictObject({ kind: z.literal('external_action'), id: actionIdSchema }),
          action: externalActionSummarySchema,
          actionable: z.boolean(),
        }),
      ),
      total: totalSchema,
      next_cursor: z.nullable(cursorSchema),
      now: timestampSchema,
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'list', ...operatorRead },
})
