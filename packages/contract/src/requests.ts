/** What approval requests and governance requests have in common for people: state, summary, decision. */
import * as z from 'zod/mini'
import { rejectKinds, riskLevels } from './external-actions.ts'
import { personSchema, sha256Schema, timestampSchema, typedText } from './primitives.ts'

/** PENDING, then exactly one of the others, which are final. `CHANGE_ASKED`: its executor may ask anew, with something changed. */
export const requestStates = ['PENDING', 'APPROVED', 'REJECTED', 'CHANGE_ASKED', 'EXPIRED'] as const
export type RequestState = (typeof requestStates)[number]

export const requestDecisionKinds = ['approve', 'reject', 'ask_change'] as const
export type RequestDecisionKind = (typeof requestDecisionKinds)[number]

export const requestSummaryFields = {
  /** As its executor says it. */
  run_id: z.string(),
  /** Null: this console has no such run of that executor, so there is no page to link to. */
  run_name: z.nullable(z.string()),
  phase_id: z.string(),
  executor: z.strictObject({ executor_id: z.string(), name: z.string() }),
  state: z.enum(requestStates),
  version: z.int().check(z.gte(1)),
  /** A few words; untrusted text. */
  title: z.string(),
  /** One sentence for a person; shown, never bound. */
  sentence: z.string(),
  risk: z.strictObject({ score: z.int(), level: z.enum(riskLevels) }),
  /** Of the body's bytes: what a decision is bound to. */
  body_sha256: sha256Schema,
  seal: z.string(),
  requested_at: timestampSchema,
  decide_by: timestampSchema,
  /** When it was decided, or expired. */
  decided_at: z.nullable(timestampSchema),
  /** Null: nobody yet, nobody in time, or the policy. */
  decided_by: z.nullable(personSchema),
} as const

export const requestDecisionSchema = z.strictObject({
  decision_id: z.string(),
  kind: z.enum(requestDecisionKinds),
  reject_kind: z.nullable(z.enum(rejectKinds)),
  /** For `ask_change`: JSON pointer into the body; null: the whole of it. */
  field: z.nullable(z.string()),
  reason: z.string(),
  body_sha256: sha256Schema,
  /** They approved what they had asked for themselves, as the only approver there was. */
  sole_operator: z.boolean(),
  decided_by: personSchema,
  decided_at: timestampSchema,
})
export type RequestDecision = z.infer<typeof requestDecisionSchema>

const bound = { body_sha256: sha256Schema, reason: typedText(2_000) }

/** No passkey signs these: session and reason, bound to the bytes. */
export const requestDecisionBodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('approve'), ...bound }),
  z.strictObject({ kind: z.literal('reject'), reject_kind: z.enum(rejectKinds), ...bound }),
  z.strictObject({
    kind: z.literal('ask_change'),
    /** JSON pointer of the value that should change; null: the whole of it. */
    field: z.nullable(z.string().check(z.maxLength(2_000), z.regex(/^(?:\/[^\u0000]*)?$/))),
    ...bound,
  }),
])
export type RequestDecisionBody = z.infer<typeof requestDecisionBodySchema>
