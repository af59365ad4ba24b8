import { fromBase64url } from './base64.ts'
import { isMoment } from './moment.ts'
import { readJson } from './read-json.ts'
import { anyText, integer, list, members, oneOf, orNull, text, truth } from './shape.ts'
import type { Misfit, Shape } from './shape.ts'

/** A receipt as its file holds it, once its form is known (docs/evidence.md). Hashes are hex, moments RFC 3339 in UTC with milliseconds. */
export type Receipt = {
  v: 'autopack-receipt/1'
  made_at: string
  action: { id: string; state: ActionState; revision: number }
  payload: string
  descriptor: string | null
  revision: RevisionRecord
  decisions: Array<ToldDecision | ToldRevocation>
  executions: Execution[]
  passkeys: PasskeyRecord[]
  audit: ReceiptEntry[]
  checkpoint: string
  keys: string[]
  rotations: string[]
}

export type ActionState = (typeof actionStates)[number]
export type Role = (typeof roles)[number]
export type Place = { group: number; slot: number }

export type RevisionRecord = {
  record: 'revision'
  action_id: string
  revision: number
  payload_hash: string
  mode: 'live' | 'dry_run'
  tier: 'A' | 'B' | 'C'
  descriptor: { id: string; version: number; sha256: string } | null
  requested_by: { executor_id: string; name: string }
  started_by: string | null
  decide_by: string
  execute_within_seconds: number
  hold_seconds: number
  step_up: 'passkey' | 'preferred' | 'none'
  quorum: Array<Place & { role: 'approver' | 'admin' }>
  created_at: string
}

export type SignatureRecord = { credential_id: string; statement: string; authenticator_data: string; client_data: string; signature: string }

export type DecisionRecord = {
  record: 'decision'
  decision_id: string
  action_id: string
  revision: number
  payload_hash: string
  kind: 'approve' | 'reject' | 'ask_change'
  reject_kind: string | null
  field: string | null
  reason_sha256: string
  operator_id: string
  operator_role: Role
  strength: 'passkey' | 'password' | 'session'
  sole_operator: boolean
  descriptor_sha256: string | null
  display_sha256: string | null
  decided_at: string
  slot: Place | null
  signature: SignatureRecord | null
}

export type RevocationRecord = {
  record: 'revocation'
  decision_id: string
  action_id: string
  revision: number
  kind: 'revoke' | 'veto'
  reason_sha256: string
  operator_id: string
  operator_role: Role
  decided_at: string
}

/** What the receipt tells beside the record: the words, and what the log calls the person. */
export type Told = { reason: string; name: string }
export type ToldDecision = DecisionRecord & Told
export type ToldRevocation = RevocationRecord & Told

export type ClaimRecord = {
  record: 'claim'
  action_id: string
  revision: number
  payload_hash: string
  authorized_by: 'people' | 'policy'
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
  outcome: 'completed' | 'failed' | 'unknown' | 'simulated'
  sent: 'no' | 'yes' | 'unknown'
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
  result: 'verified' | 'drifted' | 'cannot_verify'
  observed: string | null
  detail: string | null
  observed_at: string
  recorded_by: string
}

export type ResolutionRecord = {
  record: 'resolution'
  execution_id: string
  outcome: 'completed' | 'failed'
  looked_at: string
  reason: string
  external_object_id: string | null
  operator_id: string
  operator_role: Role
  resolved_at: string
}

export type Execution = {
  claim: ClaimRecord
  outcome: OutcomeRecord | null
  observations: ObservationRecord[]
  resolution: ResolutionRecord | null
}

export type PasskeyRecord = {
  record: 'passkey'
  credential_id: string
  operator_id: string
  relying_party: RelyingParty
  public_key: string
  attestation_object: string
  client_data: string
  /** Null: the first of this person, or the first after a reset. */
  endorsement: SignatureRecord | null
  created_at: string
}

export type RelyingParty = { id: string; origin: string }

/** `event` is canonical text; `path` the inclusion proof, lowest first. */
export type ReceiptEntry = { seq: number; prev: string; hash: string; event: string; path: string[] }

const actionStates = [
  ...(['APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED'] as const),
  ...(['REJECTED', 'EXPIRED', 'CANCELLED', 'REVOKED'] as const),
] as const
const roles = ['viewer', 'approver', 'admin'] as const

const maxCharacters = 8_388_608
const maxLevels = 16

const hash = text(/^[0-9a-f]{64}$/, 'a SHA-256 of 64 lower-case hex digits')
const moment: Shape = (value, where) => {
  return isMoment(value) ? null : { where, detail: 'a moment like 2026-11-23T10:15:30.123Z belongs here' }
}
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const actionId = text(new RegExp(`^act_${uuid}$`), 'the id of an action')
const operatorId = text(new RegExp(`^op_${uuid}$`), 'the id of a person')
const id = text(/^[\x21-\x7e]{1,200}$/, 'an id')
const base64url: Shape = (value, where) => {
  const bytes = typeof value === 'string' && value !== '' ? fromBase64url(value) : null
  return bytes === null ? { where, detail: 'base64url without padding belongs here' } : null
}
const role = oneOf(...roles)
const textOrNull = orNull(anyText)
const hashOrNull = orNull(hash)
const told = { reason: anyText, name: anyText }
const relyingParty = members({ id: anyText, origin: anyText })
const signature = members({
  credential_id: base64url,
  statement: anyText,
  authenticator_data: base64url,
  client_data: base64url,
  signature: base64url,
})

const revision = members({
  record: oneOf('revision'),
  action_id: actionId,
  revision: integer(1),
  payload_hash: hash,
  mode: oneOf('live', 'dry_run'),
  tier: oneOf('A', 'B', 'C'),
  descriptor: orNull(members({ id: anyText, version: integer(1), sha256: hash })),
  requested_by: members({ executor_id: id, name: anyText }),
  started_by: textOrNull,
  decide_by: moment,
  execute_within_seconds: integer(0),
  hold_seconds: integer(0),
  step_up: oneOf('passkey', 'preferred', 'none'),
  quorum: list(members({ group: integer(0), slot: integer(0), role: oneOf('approver', 'admin') })),
  created_at: moment,
})

const decision = members({
  record: oneOf('decision'),
  decision_id: id,
  action_id: actionId,
  revision: integer(1),
  payload_hash: hash,
  kind: oneOf('approve', 'reject', 'ask_change'),
  reject_kind: orNull(oneOf('never', 'not_now', 'change_this')),
  field: textOrNull,
  reason_sha256: hash,
  operator_id: operatorId,
  operator_role: role,
  strength: oneOf('passkey', 'password', 'session'),
  sole_operator: truth,
  descriptor_sha256: hashOrNull,
  display_sha256: hashOrNull,
  decided_at: moment,
  slot: orNull(members({ group: integer(0), slot: integer(0) })),
  signature: orNull(signature),
  ...told,
})

const revocation = members({
  record: oneOf('revocation'),
  decision_id: id,
  action_id: actionId,
  revision: integer(1),
  kind: oneOf('revoke', 'veto'),
  reason_sha256: hash,
  operator_id: operatorId,
  operator_role: role,
  decided_at: moment,
  ...told,
})

const claim = members({
  record: oneOf('claim'),
  action_id: actionId,
  revision: integer(1),
  payload_hash: hash,
  authorized_by: oneOf('people', 'policy'),
  execution_id: id,
  fence: integer(1),
  executor_id: id,
  key_id: id,
  claimed_at: moment,
  expected_sha256: hash,
})

const outcome = members({
  record: oneOf('outcome'),
  execution_id: id,
  outcome: oneOf('completed', 'failed', 'unknown', 'simulated'),
  sent: oneOf('no', 'yes', 'unknown'),
  sent_sha256: hashOrNull,
  external_object_id: textOrNull,
  external_url: textOrNull,
  error_code: textOrNull,
  error_summary: textOrNull,
  finished_at: moment,
  recorded_by: id,
})

const observation = members({
  record: oneOf('observation'),
  execution_id: id,
  no: integer(1),
  result: oneOf('verified', 'drifted', 'cannot_verify'),
  observed: textOrNull,
  detail: textOrNull,
  observed_at: moment,
  recorded_by: id,
})

const resolution = members({
  record: oneOf('resolution'),
  execution_id: id,
  outcome: oneOf('completed', 'failed'),
  looked_at: anyText,
  reason: anyText,
  external_object_id: textOrNull,
  operator_id: operatorId,
  operator_role: role,
  resolved_at: moment,
})

const passkey = members({
  record: oneOf('passkey'),
  credential_id: base64url,
  operator_id: operatorId,
  relying_party: relyingParty,
  public_key: base64url,
  attestation_object: base64url,
  client_data: base64url,
  endorsement: orNull(signature),
  created_at: moment,
})

const execution = members({ claim, outcome: orNull(outcome), observations: list(observation), resolution: orNull(resolution) })
const entry = members({ seq: integer(1), prev: hash, hash, event: anyText, path: list(hash, 0, 64) })

const receipt = members({
  v: oneOf('autopack-receipt/1'),
  made_at: moment,
  action: members({ id: actionId, state: oneOf(...actionStates), revision: integer(1) }),
  payload: anyText,
  descriptor: textOrNull,
  revision,
  decisions: list((value, where) => (isRevocation(value) ? revocation : decision)(value, where)),
  executions: list(execution, 0, 1),
  passkeys: ascending('credential_id', list(passkey)),
  audit: ascending('seq', list(entry, 1)),
  checkpoint: anyText,
  keys: list(anyText, 1),
  rotations: list(anyText),
})

function isRevocation(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'record' in value && value.record === 'revocation'
}

/** A list whose items stand in the order of one member, none twice. */
function ascending(name: string, shape: Shape): Shape {
  return (value, where) => {
    const misfit = shape(value, where)
    if (misfit !== null) return misfit
    const keys = (value as Array<Record<string, string | number>>).map((item) => item[name]!)
    const place = keys.findIndex((key, index) => index > 0 && key <= keys[index - 1]!)
    return place === -1 ? null : { where: `${where}[${place}].${name}`, detail: `the list is not in the order of ${name}` }
  }
}

/** The receipt that a text holds, or what is wrong with its form. */
export function readReceipt(json: string): { ok: true; receipt: Receipt } | ({ ok: false } & Misfit) {
  if (json.length > maxCharacters) return { ok: false, where: '', detail: `the file is longer than ${maxCharacters} characters` }
  let value: unknown
  try {
    value = readJson(json, maxLevels)
  } catch (error) {
    return { ok: false, where: '', detail: `the file is not JSON: ${(error as Error).message}` }
  }
  const misfit = receipt(value, '') ?? findBrokenText(value, '')
  return misfit === null ? { ok: true, receipt: value as Receipt } : { ok: false, ...misfit }
}

/** Half of a surrogate pair has no UTF-8, so nothing could be hashed with it. */
function findBrokenText(value: unknown, where: string): Misfit | null {
  if (typeof value === 'string') return value.isWellFormed() ? null : { where, detail: 'the text has half of a surrogate pair' }
  if (typeof value !== 'object' || value === null) return null
  for (const [name, item] of Object.entries(value)) {
    const found = findBrokenText(item, Array.isArray(value) ? `${where}[${name}]` : where === '' ? name : `${where}.${name}`)
    if (found !== null) return found
  }
  return null
}

/** What a receipt says it is where a later version than this one made it; such a one is not broken, and cannot be judged here. */
export function findLaterVersion(text: string): string | null {
  try {
    const { v } = JSON.parse(text) as { v?: unknown }
    return typeof v === 'string' && /^autopack-receipt\/([2-9]|[1-9][0-9]{1,8})$/.test(v) ? v : null
  } catch {
    return null
  }
}
