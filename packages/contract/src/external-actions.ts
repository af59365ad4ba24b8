/** What one external action is on the wire. Its routes are in executor-actions.ts and operator-actions.ts. */
import * as z from 'zod/mini'
import { actionIdSchema, executionIdSchema, moneySchema, personSchema, runIdSchema, sha256Schema, timestampSchema } from './primitives.ts'
import { roleSchema } from './roles.ts'

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
export const rejectKinds = ['never', 'not_now'] as const
/** `ask_change` keeps the action pending and waits for its executor; `veto` is a revocation while the launch hold runs. */
export const decisionKinds = ['approve', 'reject', 'ask_change', 'revoke', 'veto'] as const
export type DecisionKind = (typeof decisionKinds)[number]
export const sentAnswers = ['no', 'yes', 'unknown'] as const
export const outcomes = ['completed', 'failed', 'unknown', 'simulated'] as const
/** What reading the effect back found: as approved, different, or nobody can say. */
export const observationResults = ['verified', 'drifted', 'cannot_verify'] as const
export type ObservationResult = (typeof observationResults)[number]

const count = z.int().check(z.gte(0))
const revisionNumber = z.int().check(z.gte(1))

export const descriptorReferenceSchema = z.strictObject({ id: z.string(), version: z.int().check(z.gte(1)), sha256: sha256Schema })

export const decisionSchema = z.strictObject({
  decision_id: z.string(),
  kind: z.enum(decisionKinds),
  /** `change_this` only in decisions of an earlier version. */
  reject_kind: z.nullable(z.enum([...rejectKinds, 'change_this'])),
  /** For `ask_change`: JSON pointer into the payload; null: the whole of it. */
  field: z.nullable(z.string()),
  /**
   * Null: an approval, sealed while others are missing until the person who reads has approved the revision in force too, so that a second
   * opinion is one of its own. To its executor, and to whoever cannot approve: until all have.
   */
  reason: z.nullable(z.string()),
  revision: revisionNumber,
  payload_hash: sha256Schema,
  decided_by: personSchema,
  decided_at: timestampSchema,
  /** With a passkey that the control plane enrolled, over a statement of what was shown. */
  signed: z.boolean(),
  /** How the person had shown who they are: a passkey for this act, the password again, or the session alone. */
  strength: z.enum(['passkey', 'password', 'session']),
  /** They decided about what they themselves had asked for, as the only approver there is. */
  sole_operator: z.boolean(),
})

export const findingSchema = z.strictObject({
  code: z.string(),
  /** `could_not_check` is a finding, not a pass. */
  level: z.enum(['finding', 'could_not_check', 'pass']),
  title: z.string(),
  detail: z.string(),
})

/** The effect as the provider shows it, against what was sent. */
export const observationSchema = z.strictObject({
  result: z.enum(observationResults),
  observed_at: timestampSchema,
  /** Every field that the descriptor compares; `same: null` when the observed value is missing. Texts as a person reads them. */
  fields: z.array(
    z.strictObject({
      label: z.string(),
      sent: z.string(),
      observed: z.string(),
      sent_text: z.nullable(z.string()),
      observed_text: z.nullable(z.string()),
      same: z.nullable(z.boolean()),
    }),
  ),
  /** Why it cannot be verified, or what the executor adds; null: nothing. */
  detail: z.nullable(z.string()),
})
export type Observation = z.infer<typeof observationSchema>

/** What a person found who looked an unknown outcome up. */
export const resolutionSchema = z.strictObject({
  outcome: z.enum(['completed', 'failed']),
  /** Where the person looked, and what was there. */
  looked_at: z.string(),
  reason: z.string(),
  external_object_id: z.nullable(z.string()),
  resolved_by: personSchema,
  resolved_at: timestampSchema,
})

export const executionSchema = z.strictObject({
  execution_id: executionIdSchema,
  revision: revisionNumber,
  fence: z.int().check(z.gte(1)),
  claimed_at: timestampSchema,
  lease_until: timestampSchema,
  finished_at: z.nullable(timestampSchema),
  /** As it was reported or given up; what a person found later is in `resolution`. */
  outcome: z.nullable(z.enum(outcomes)),
  sent: z.nullable(z.enum(sentAnswers)),
  /** SHA-256 over the bytes the executor says it sent, or may have sent; null where it sent nothing. */
  sent_sha256: z.nullable(sha256Schema),
  /** SHA-256 over the bytes that the approved payload encodes to, recomputed by the control plane. */
  expected_sha256: sha256Schema,
  external_object_id: z.nullable(z.string()),
  external_url: z.nullable(z.string()),
  error_code: z.nullable(z.string()),
  error_summary: z.nullable(z.string()),
  /** The newest; null: nobody has looked. */
  observed: z.nullable(observationSchema),
  resolution: z.nullable(resolutionSchema),
})

/** Somebody asked the executor for another revision; until it comes nobody can approve. */
export const changeRequestSchema = z.strictObject({
  field: z.nullable(z.string()),
  reason: z.string(),
  asked_by: personSchema,
  asked_at: timestampSchema,
})

export const operatorActs = ['approve', 'reject', 'ask_change', 'revoke', 'veto', 'resolve'] as const
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
  /** When it came into this state. */
  state_since: timestampSchema,
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
  /** The end of the launch hold; null: there is none. */
  not_before: z.nullable(timestampSchema),
  /** True: it waits for its executor, not for a person. */
  change_requested: z.boolean(),
  /** Of the newest read-back; null: nobody has looked. */
  observed: z.nullable(z.enum(observationResults)),
  decided_at: z.nullable(timestampSchema),
  decided_by: z.nullable(personSchema),
  /** What they decided, the last about the revision in force: a veto is a revocation during the hold. Null: nobody yet. */
  decided_as: z.nullable(z.enum(decisionKinds)),
  /** True: each approval of the revision in force carries a passkey's signature; null: nobody approved it. */
  signed: z.nullable(z.boolean()),
  finished_at: z.nullable(timestampSchema),
  /** How the effect can be taken back: the compensating kind of action, and until when (null: at any time, or not at all). */
  undo: z.strictObject({ text: z.string(), operation: z.nullable(z.string()), until: z.nullable(timestampSchema) }),
})
export type ExternalActionSummary = z.infer<typeof externalActionSummarySchema>

/** Who is still needed: one row for each group with an open place. The names are of people who may fill it now, at most `namedPeople`. */
export const stillNeededSchema = z.array(
  z.strictObject({ group: count, role: roleSchema, count, people: z.array(personSchema), people_total: count }),
)
export const namedPeople = 20

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
  /** What an approval of it takes. */
  step_up: z.enum(['passkey', 'preferred', 'none']),
  still_needed: stillNeededSchema,
  /** The latest moment at which this revision may ever be executed, fixed with it; a signature names it. */
  latest_execute_by: timestampSchema,
  /** Who authorized the revision in force: people, or the grant of its policy (tier A and B); null: nobody yet. */
  authorized_by: z.nullable(z.enum(['people', 'policy'])),
  /** Proposed as tier C because it is over the grant of its kind, or cannot be explained. */
  escalated: z.boolean(),
  change_request: z.nullable(changeRequestSchema),
  /** All of them, newest first, at most 50. */
  revisions: z.array(
    z.strictObject({ revision: revisionNumber, created_at: timestampSchema, payload_hash: sha256Schema, seal: z.string(), sentence: z.string() }),
  ),
  execution: z.nullable(executionSchema),
  allowed_actions: z.array(allowedActionSchema),
  now: timestampSchema,
})
export type ExternalAction = z.infer<typeof externalActionSchema>
