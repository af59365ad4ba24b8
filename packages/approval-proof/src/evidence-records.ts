/**
 * What the ledger wrote, as its audit events hold it by hash (docs/evidence.md, "Records"). A record has exactly its members: one more in a row
 * changes no record, and one less does not type-check.
 */
import { canonicalize } from './canonical-json.ts'
import { payloadHash } from './payload-hash.ts'

/** Hashes are lower-case hex, moments `2026-11-23T10:15:30.123Z`. */
export type RevisionRecord = {
  record: 'revision'
  action_id: string
  revision: number
  payload_hash: string
  mode: string
  tier: string
  descriptor: { id: string; version: number; sha256: string } | null
  requested_by: { executor_id: string; name: string }
  started_by: string | null
  decide_by: string
  execute_within_seconds: number
  hold_seconds: number
  step_up: string
  quorum: { group: number; slot: number; role: string }[]
  created_at: string
}

export type SignatureFacts = { credential_id: string; statement: string; authenticator_data: string; client_data: string; signature: string }

export type DecisionRecord = {
  record: 'decision'
  decision_id: string
  action_id: string
  revision: number
  payload_hash: string
  kind: string
  reject_kind: string | null
  field: string | null
  reason_sha256: string
  operator_id: string
  operator_role: string
  strength: string
  sole_operator: boolean
  descriptor_sha256: string | null
  display_sha256: string | null
  decided_at: string
  slot: { group: number; slot: number } | null
  /** `statement`: the text that was signed; the rest base64url. */
  signature: SignatureFacts | null
}

/** The end of an approval. */
export type RevocationRecord = {
  record: 'revocation'
  decision_id: string
  action_id: string
  revision: number
  kind: string
  reason_sha256: string
  operator_id: string
  operator_role: string
  decided_at: string
}

export type ClaimRecord = {
  record: 'claim'
  action_id: string
  revision: number
  payload_hash: string
  authorized_by: string
  execution_id: string
  fence: number
  executor_id: string
  key_id: string
  claimed_at: string
  expected_sha256: string
}

export type OutcomeRecord = {
  record: 'outcome'
  execution_id: string
  outcome: string
  sent: string
  sent_sha256: string | null
  external_object_id: string | null
  external_url: string | null
  error_code: string | null
  error_summary: string | null
  finished_at: string
  recorded_by: string
}

export type ObservationRecord = {
  record: 'observation'
  execution_id: string
  no: number
  result: string
  observed: string | null
  detail: string | null
  observed_at: string
  recorded_by: string
}

export type ResolutionRecord = {
  record: 'resolution'
  execution_id: string
  outcome: string
  looked_at: string
  reason: string
  external_object_id: string | null
  operator_id: string
  operator_role: string
  resolved_at: string
}

export type PasskeyRecord = {
  record: 'passkey'
  credential_id: string
  operator_id: string
  relying_party: { id: string; origin: string }
  public_key: string
  attestation_object: string
  client_data: string
  /** By a passkey they had before, over `passkey_add` of this one; null: the first, or the first after a reset. */
  endorsement: SignatureFacts | null
  created_at: string
}

export type EvidenceRecord =
  | RevisionRecord
  | DecisionRecord
  | RevocationRecord
  | ClaimRecord
  | OutcomeRecord
  | ObservationRecord
  | ResolutionRecord
  | PasskeyRecord

/** The members of each record, in the order of docs/evidence.md. */
const members: { readonly [K in EvidenceRecord['record']]: Readonly<Record<Exclude<keyof Extract<EvidenceRecord, { record: K }>, 'record'>, true>> } =
  {
    revision: {
      ...{ action_id: true, revision: true, payload_hash: true, mode: true, tier: true, descriptor: true, requested_by: true, started_by: true },
      ...{ decide_by: true, execute_within_seconds: true, hold_seconds: true, step_up: true, quorum: true, created_at: true },
    },
    decision: {
      ...{ decision_id: true, action_id: true, revision: true, payload_hash: true, kind: true, reject_kind: true, field: true, reason_sha256: true },
      ...{ operator_id: true, operator_role: true, strength: true, sole_operator: true, descriptor_sha256: true, display_sha256: true },
      ...{ decided_at: true, slot: true, signature: true },
    },
    revocation: {
      ...{
        decision_id: true,
        action_id: true,
        revision: true,
        kind: true,
        reason_sha256: true,
        operator_id: true,
        operator_role: true,
        decided_at: true,
      },
    },
    claim: {
      ...{ action_id: true, revision: true, payload_hash: true, authorized_by: true, execution_id: true, fence: true, executor_id: true },
      ...{ key_id: true, claimed_at: true, expected_sha256: true },
    },
    outcome: {
      ...{ execution_id: true, outcome: true, sent: true, sent_sha256: true, external_object_id: true, external_url: true, error_code: true },
      ...{ error_summary: true, finished_at: true, recorded_by: true },
    },
    observation: { execution_id: true, no: true, result: true, observed: true, detail: true, observed_at: true, recorded_by: true },
    resolution: {
      ...{ execution_id: true, outcome: true, looked_at: true, reason: true, external_object_id: true, operator_id: true, operator_role: true },
      ...{ resolved_at: true },
    },
    passkey: {
      ...{ credential_id: true, operator_id: true, relying_party: true, public_key: true, attestation_object: true, client_data: true },
      ...{ endorsement: true, created_at: true },
    },
  }

/**
 * The record of these facts, with exactly its members; whatever else they hold is left out. Halves of surrogate pairs are replaced, as where they
 * are stored: they have no canonical form.
 */
export function toRecord<const K extends EvidenceRecord['record']>(
  record: K,
  facts: Omit<Extract<EvidenceRecord, { record: K }>, 'record'>,
): Extract<EvidenceRecord, { record: K }> {
  const named = Object.keys(members[record]).map((name) => [name, toWellFormed((facts as Record<string, unknown>)[name])])
  return { record, ...Object.fromEntries(named) } as Extract<EvidenceRecord, { record: K }>
}

/** SHA-256 of the canonical form, lower-case hex: `record_sha256` of its audit event. Throws for what has no canonical form. */
export function recordSha256(record: EvidenceRecord): string {
  return payloadHash(canonicalize(record))
}

/** Holds somebody to a reason without saying it: SHA-256 of the id of the decision, a line feed and the reason. */
export function reasonSha256(decisionId: string, reason: string): string {
  return payloadHash(`${decisionId}\n${reason.toWellFormed()}`)
}

function toWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(toWellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, toWellFormed(item)]))
}
