/** The audit log: append-only, chained, exportable. */
import * as z from 'zod/mini'
import { auditEventTypeNames } from './audit-event-types.ts'
import { auditQueryLimit } from './audit-query.ts'
import { jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { cursorSchema, queryInteger, sha256Schema, timestampSchema, totalSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

const count = z.int().check(z.gte(0))
const text = z.nullable(z.string())
const time = z.nullable(timestampSchema)

/**
 * One event. Null means: does not apply to this kind of event, or is not known yet at its moment; which members a kind has always is in
 * `audit-event-members.ts`.
 * People and programs are named by id (`op_…`, `exr_…`), which never means somebody else later: in `auth_principal_id`, `requested_by`
 * (who proposed) and `approved_by` (who decided). Only `auth_principal_name` is a name, that of who acted, as it was at that moment: the
 * events in which somebody acted say what an id was called. `principal_chain`: person → console → key, as it was at that moment.
 */
export const auditEventSchema = z.strictObject({
  event_type: z.enum(auditEventTypeNames),
  at: timestampSchema,
  request_id: text,
  auth_principal_type: z.enum(['operator', 'executor', 'console', 'system', 'anonymous']),
  auth_principal_id: z.string(),
  auth_principal_name: text,
  principal_chain: z.array(z.string()),
  requested_by: text,
  approved_by: z.array(z.string()),
  action_type: text,
  provider: text,
  operation: text,
  run_id: text,
  phase_id: text,
  approval_ref: z.nullable(z.strictObject({ kind: z.string(), id: z.string() })),
  /** Which event about that thing this is, from 1 without a gap; absent where it is about none, and in events of earlier versions. */
  approval_ref_no: z.optional(z.int().check(z.gte(1))),
  revision: z.nullable(count),
  idempotency_key: text,
  requested_at: time,
  approved_at: time,
  executed_at: time,
  completed_at: time,
  payload_hash: z.nullable(sha256Schema),
  payload_summary: text,
  external_target: text,
  external_object_id: text,
  /** What came of it: `ok`, `refused`, or the state that was reached. */
  result_status: z.string(),
  error_code: text,
  error_summary: text,
  reason: text,
  /** Of the id of a decision, a line feed and its reason, while the reason itself is sealed; absent otherwise. */
  reason_sha256: z.optional(z.nullable(sha256Schema)),
  /** Of what was written with it, in its canonical form (docs/evidence.md, "Records"); absent where nothing of that kind was. */
  record_sha256: z.optional(sha256Schema),
  risk_score: z.nullable(z.int()),
  risk_level: text,
  descriptor_version: text,
  /** How the person showed who they are for this act; absent in events of earlier versions. */
  proof: z.optional(
    z.nullable(
      z.strictObject({
        strength: z.enum(['passkey', 'password', 'session']),
        credential_id: text,
        signed_act_id: text,
        /** They decided about what they themselves had asked for, as the only approver there is. */
        sole_operator: z.boolean(),
      }),
    ),
  ),
  kill_switch_snapshot: z.nullable(z.record(z.string(), z.boolean())),
  spend_snapshot: z.nullable(
    z.strictObject({ reserved_minor: count, actual_minor: z.nullable(count), spent_today_minor: count, cap_minor: count, currency: z.string() }),
  ),
})
export type AuditEvent = z.infer<typeof auditEventSchema>

export const auditEntrySchema = z.strictObject({
  seq: z.int().check(z.gte(1)),
  prev: sha256Schema,
  hash: sha256Schema,
  event: auditEventSchema,
})
export type AuditEntry = z.infer<typeof auditEntrySchema>

const read = { plane: 'operator', role: 'viewer', step_up: 'none', body_limit_bytes: noBodyLimitBytes } as const

export const listAuditEvents = defineRoute({
  id: 'listAuditEvents',
  method: 'GET',
  path: '/operator/audit',
  summary: 'The audit log, newest first',
  query: z.object({
    /** The query language of audit-query.ts. */
    q: z.optional(z.string().check(z.maxLength(auditQueryLimit))),
    cursor: z.optional(cursorSchema),
    limit: z.optional(queryInteger(1, 100)),
  }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(auditEntrySchema),
      total: totalSchema,
      /** Where there is one, there may be more: a page may also be empty, and the search go on from its cursor. */
      next_cursor: z.nullable(cursorSchema),
      /** Words are looked for some entries at a time: in those from this `seq` on. Null: nothing was left out. */
      searched_from: z.nullable(z.int().check(z.gte(1))),
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  etag: true,
  policy: { ...read, rate_class: 'list', timeout_ms: jsonTimeoutMs },
})

export const getAuditEvent = defineRoute({
  id: 'getAuditEvent',
  method: 'GET',
  path: '/operator/audit/{seq}',
  summary: 'One entry of the audit log',
  params: z.object({ seq: queryInteger(1, 1_000_000_000_000) }),
  answer: { status: 200, kind: 'json', schema: auditEntrySchema },
  problems: ['not_found'],
  retry: 'safe',
  policy: { ...read, rate_class: 'read', timeout_ms: jsonTimeoutMs },
})

export const exportAuditEvents = defineRoute({
  id: 'exportAuditEvents',
  method: 'GET',
  path: '/operator/audit/events',
  summary: 'What a query finds of what you may see, oldest first, as a file',
  query: z.object({
    q: z.optional(z.string().check(z.maxLength(auditQueryLimit))),
    /** `ndjson` (default): entries as the log has them. `csv`: for people, RFC 4180; nothing in it runs in a spreadsheet. */
    format: z.optional(z.enum(['ndjson', 'csv'])),
  }),
  answer: { status: 200, kind: 'bytes', headers: ['content-type', 'content-disposition'] },
  problems: ['invalid_request'],
  retry: 'safe',
  policy: { ...read, rate_class: 'artifact', timeout_ms: 120_000 },
})

export const exportAudit = defineRoute({
  id: 'exportAudit',
  method: 'GET',
  path: '/operator/audit/export',
  summary: 'The whole log in order, one entry a line, ready for the verifier',
  answer: { status: 200, kind: 'ndjson' },
  problems: [],
  retry: 'safe',
  // The whole chain, so no canSee filter can apply: admins only.
  policy: { ...read, role: 'admin', rate_class: 'artifact', timeout_ms: 120_000 },
})
