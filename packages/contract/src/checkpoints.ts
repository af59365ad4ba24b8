/**
 * Signed checkpoints of the audit log (docs/evidence.md): what people see of them, and the plane of the checkpoint writer, a process of its own
 * that alone holds the key.
 */
import * as z from 'zod/mini'
import { checkpointBodyLimitBytes, jsonTimeoutMs, noBodyLimitBytes } from './limits.ts'
import { cursorSchema, queryInteger, sha256Schema, timestampSchema } from './primitives.ts'
import { defineRoute } from './route.ts'

const size = z.int().check(z.gte(1))
const keyIdSchema = z.string().check(z.regex(/^[0-9a-f]{8}$/))
const noteSchema = z.string().check(z.minLength(1), z.maxLength(2_000))

/**
 * How the log stood to a checkpoint when it came: `holds`; `ahead`: the log is shorter than what was signed; `disagrees`: its entry of that size
 * is another one. The latter two stop every writing.
 */
export const checkpointStandingSchema = z.enum(['holds', 'ahead', 'disagrees'])
export type CheckpointStanding = z.infer<typeof checkpointStandingSchema>

/** `size` is the `seq` of the last entry it covers, `head` the hash of that entry, `time` when it was signed, by the clock of the writer. */
export const checkpointSummarySchema = z.strictObject({
  size,
  time: timestampSchema,
  head: sha256Schema,
  key_id: keyIdSchema,
  received_at: timestampSchema,
})

export const auditCheckpointSchema = z.strictObject({
  ...checkpointSummarySchema.shape,
  /** The signed note as it was written. */
  note: noteSchema,
  standing: checkpointStandingSchema,
  /** The log was restored on purpose to a state that this checkpoint does not hold against: `audit.restored` says why. */
  given_up: z.boolean(),
})
export type AuditCheckpoint = z.infer<typeof auditCheckpointSchema>

/** Why nothing is written any more: the newest checkpoint that the log does not hold against, and where the log ends. */
export const auditStoppedSchema = z.strictObject({
  reason: z.enum(['ahead', 'disagrees']),
  checkpoint: checkpointSummarySchema,
  log_size: z.int().check(z.gte(0)),
})
export type AuditStopped = z.infer<typeof auditStoppedSchema>

/** Characters of what the checkpoint writer reports. */
export const mostReportCharacters = 500

/**
 * Nothing is signed although it should be: since when the newest checkpoint is there, or, where there is none, the first entry. `detail`: what the
 * checkpoint writer reports, as plain text; null: it is silent.
 */
export const auditLateSchema = z.strictObject({ since: timestampSchema, detail: z.nullable(z.string()) })
export type AuditLate = z.infer<typeof auditLateSchema>

export const listAuditCheckpoints = defineRoute({
  id: 'listAuditCheckpoints',
  method: 'GET',
  path: '/operator/audit/checkpoints',
  summary: 'Signed checkpoints of the audit log, newest first, with the keys that sign them',
  query: z.object({ cursor: z.optional(cursorSchema), limit: z.optional(queryInteger(1, 100)) }),
  answer: {
    status: 200,
    kind: 'json',
    schema: z.strictObject({
      items: z.array(auditCheckpointSchema),
      next_cursor: z.nullable(cursorSchema),
      /** Verifier keys, the oldest first. */
      keys: z.array(z.string()),
      /** Rotation notes, the oldest first. */
      rotations: z.array(noteSchema),
      /** Whether the deployment says that its checkpoints are kept where the control plane cannot rewrite them. */
      independent: z.boolean(),
      stopped: z.nullable(auditStoppedSchema),
      /** Null: what is written is signed, or no checkpoint writer is configured. */
      late: z.nullable(auditLateSchema),
    }),
  },
  problems: ['invalid_request'],
  retry: 'safe',
  policy: { plane: 'operator', role: 'viewer', step_up: 'none', rate_class: 'list', body_limit_bytes: noBodyLimitBytes, timeout_ms: jsonTimeoutMs },
})

const writer = { plane: 'checkpoint', step_up: 'none', rate_class: 'none', timeout_ms: jsonTimeoutMs } as const

/** Entries in one answer. */
export const mostCheckpointEntries = 2_000

/** As in the export, one entry a line, whole pages; none: the log ends before `from`. */
export const listCheckpointEntries = defineRoute({
  id: 'listCheckpointEntries',
  method: 'GET',
  path: '/checkpoint/entries',
  summary: 'Entries of the audit log from `from` on, in order, for the checkpoint writer',
  query: z.object({ from: queryInteger(1, 1_000_000_000_000), limit: z.optional(queryInteger(1, mostCheckpointEntries)) }),
  answer: { status: 200, kind: 'ndjson' },
  problems: ['invalid_request'],
  retry: 'safe',
  policy: { ...writer, body_limit_bytes: noBodyLimitBytes },
})

/** Rotations in one request; the control plane has the older ones. */
export const mostRotations = 50

/**
 * The same note again changes nothing. A note that the log does not hold against is taken, too: it stops every writing. `rotations`: every
 * announcement of a new key so far (the newest 50), the oldest first, in which the keys of the configuration are followed to the one that signed.
 */
export const recordCheckpoint = defineRoute({
  id: 'recordCheckpoint',
  method: 'POST',
  path: '/checkpoint/checkpoints',
  summary: 'Hands over a signed checkpoint, and the announcements of new keys',
  body: z.strictObject({ note: noteSchema, rotations: z.array(noteSchema).check(z.maxLength(mostRotations)) }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({ standing: checkpointStandingSchema, given_up: z.boolean() }) },
  problems: ['invalid_request', 'checkpoint_refused', 'audit_unavailable'],
  retry: 'safe',
  policy: { ...writer, body_limit_bytes: checkpointBodyLimitBytes },
})

/** For people, who see it while it is new; it stops nothing. */
export const reportCheckpointProblem = defineRoute({
  id: 'reportCheckpointProblem',
  method: 'POST',
  path: '/checkpoint/problems',
  summary: 'Says why nothing is signed',
  body: z.strictObject({ problem: z.string().check(z.minLength(1), z.maxLength(mostReportCharacters)) }),
  answer: { status: 200, kind: 'json', schema: z.strictObject({}) },
  problems: ['invalid_request'],
  retry: 'safe',
  policy: { ...writer, body_limit_bytes: checkpointBodyLimitBytes },
})
