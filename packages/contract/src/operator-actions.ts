/** The ledger for people: read, decide, revoke, resolve. */
import * as z from 'zod/mini'
import {
  actionStates,
  descriptorReferenceSchema,
  externalActionSchema,
  externalActionSummarySchema,
  observationResults,
  rejectKinds,
} from './external-actions.ts'
import { decisionBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import {
  actionIdSchema,
  cursorSchema,
  executionIdSchema,
  personSchema,
  queryInteger,
  runIdSchema,
  sha256Schema,
  timestampSchema,
  totalSchema,
  typedText,
} from './primitives.ts'
import { defineRoute } from './route.ts'
import { signedActSchema } from './webauthn.ts'

const revisionNumber = z.int().check(z.gte(1))
const actionParams = z.object({ action_id: actionIdSchema })
const operatorRead = { plane: 'operator', role: 'viewer', step_up: 'none', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs } as const

export const listExternalActions = defineRoute({
  id: 'listExternalActions',
  method: 'GET',
  path: '/operator/external-actions',
  summary: 'The ledger, newest first',
  query: z.object({
    state: z.optional(z.enum(actionStates)),
    run_id: z.optional(runIdSchema),
    provider: z.optional(z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/))),
    observed: z.optional(z.enum(observationResults)),
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
  summary: 'Approve, reject or ask for a change of one revision, bound to its payload hash',
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
      /** Over the statement of this approval. */
      signature: z.optional(signedActSchema),
    }),
    z.strictObject({
      kind: z.literal('reject'),
      revision: revisionNumber,
      payload_hash: sha256Schema,
      reject_kind: z.enum(rejectKinds),
      reason: typedText(2_000),
    }),
    z.strictObject({
      kind: z.literal('ask_change'),
      revision: revisionNumber,
      payload_hash: sha256Schema,
      /** JSON pointer of the value that should change; null: the whole of it. */
      field: z.nullable(z.string().check(z.maxLength(2_000), z.regex(/^(?:\/[^\u0000]*)?$/))),
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
    'superseded',
    'hash_mismatch',
    'policy_mismatch',
    'step_up_required',
    'challenge_refused',
    'signature_refused',
    'console_outdated',
    'expired',
    'brake_engaged',
    'change_requested',
    'clock_moved_back',
    'not_open',
  ],
  retry: 'unsafe',
  policy: {
    plane: 'operator',
    role: 'approver',
    step_up: 'action_to_approve',
    rate_class: 'decision',
    body_limit_bytes: decisionBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

/** Decisions about the same kind of action on the same target. Counts are of what this person may see. */
export const listPrecedents = defineRoute({
  id: 'listPrecedents',
  method: 'GET',
  path: '/operator/external-actions/{action_id}/precedents',
  summary: 'What people decided about this kind of action on this target before',
  params: actionParams,
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      approved_count: z.int(),
      rejected_count: z.int(),
      /** The revision approved last; its payload is what a diff is made against. */
      last_approved: z.nullable(
        z.strictObject({
          action_id: actionIdSchema,
          revision: revisionNumber,
          payload_hash: sha256Schema,
          approved_at: timestampSchema,
          approved_by: z.array(personSchema),
        }),
      ),
      /** Newest first, at most 10. */
      items: z.array(
        z.strictObject({
          action_id: actionIdSchema,
          revision: revisionNumber,
          kind: z.enum(['approve', 'reject']),
          reject_kind: z.nullable(z.enum([...rejectKinds, 'change_this'])),
          /** Null: sealed. */
          reason: z.nullable(z.string()),
          decided_by: personSchema,
          decided_at: timestampSchema,
          sentence: z.string(),
        }),
      ),
      now: timestampSchema,
    }),
  },
  problems: ['not_found'],
  retry: 'safe',
  etag: true,
  policy: { rate_class: 'read', ...operatorRead },
})

export const revokeExternalAction = defineRoute({
  id: 'revokeExternalAction',
  method: 'POST',
  path: '/operator/external-actions/{action_id}/revoke',
  summary: 'Take an approval back before it is claimed; any operator, in the launch hold as a veto',
  params: actionParams,
  body: z.strictObject({
    kind: z.enum(['revoke', 'veto']),
    revision: revisionNumber,
    payload_hash: sha256Schema,
    reason: typedText(2_000),
  }),
  answer: { status: 200, kind: 'json', schema: externalActionSchema },
  problems: [
    'not_found',
    'already_decided',
    'already_claimed',
    'stale_revision',
    'hash_mismatch',
    'expired',
    'not_approved',
    'not_open',
    'not_in_hold',
  ],
  retry: 'unsafe',
  policy: {
    plane: 'operator',
    role: 'viewer',
    step_up: 'none',
    rate_class: 'safety',
    body_limit_bytes: decisionBodyLimitBytes,
    timeout_ms: jsonTimeoutMs,
  },
})

export const resolveExternalAction = defineRoute({
  id: 'resolveExternalAction',
  method: 'POST',
  path: '/operator/external-actions/{action_id}/resolve',
  summary: 'Say what came of an execution whose outcome is unknown, after looking it up',
  params: actionParams,
  body: z.strictObject({
    execution_id: executionIdSchema,
    outcome: z.enum(['completed', 'failed']),
    looked_at: typedText(2_000),
    reason: typedText(2_000),
    external_object_id: z.optional(typedText(200)),
  }),
  answer: { status: 200, kind: 'json', schema: externalActionSchema },
  problems: ['not_found', 'role_missing', 'already_decided', 'not_unknown', 'stale_revision'],
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
