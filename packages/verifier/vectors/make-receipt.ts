/**
 * Whole receipts from nothing, for tests and vectors: a log, keys, passkeys in software, checkpoints, rotations. What approvers see and what
 * is sent is made by the console's own code, and everything else here, apart from the verifier. A console that lies says what `alter` makes
 * of a record before it is hashed into the log.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import { approvalChallenge } from '@autopack/approval-proof/approval-statement'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { buildListing } from '@autopack/approval-proof/honest-payloads'
import type { Payload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import { chain, makeCheckpoint, makeNoteKey, makePath, makeRotation, toLines } from './make-log.ts'
import type { MadeEntry, NoteKey } from './make-log.ts'
import { makeSoftwarePasskey } from './software-passkey.ts'
import type { CeremonyLies, KeyKind, SoftwarePasskey } from './software-passkey.ts'

export type Approver = {
  name: string
  role: 'viewer' | 'approver' | 'admin'
  /** Null: not signed, the password again. */
  key: KeyKind | null
  /** How many they had before the one that signs, each endorsed by the one before it. */
  passkeysBefore?: number
  soleOperator?: boolean
}

export type ReceiptKnobs = {
  state?: 'APPROVED' | 'EXECUTING' | 'COMPLETED' | 'FAILED' | 'UNKNOWN' | 'SIMULATED' | 'REJECTED' | 'EXPIRED' | 'CANCELLED' | 'REVOKED'
  payload?: Payload
  /** Null: nobody has described it. Without: the one of the catalog, asking for the people, the hold and the proof that are named below. */
  descriptor?: Descriptor | null
  tier?: 'A' | 'B' | 'C'
  authorizedBy?: 'people' | 'policy'
  approvers?: readonly Approver[]
  stepUp?: 'passkey' | 'preferred' | 'none'
  startedBy?: string | null
  holdSeconds?: number
  /** A first revision about which somebody asked for a change; the receipt is about the second. */
  revised?: boolean
  /** The end that a person found where nobody knew. */
  resolved?: 'completed' | 'failed'
  /** The executor fell silent. */
  leaseLost?: boolean
  observations?: ReadonlyArray<'verified' | 'drifted' | 'cannot_verify'>
  /** How often the key of the checkpoints was replaced before the checkpoint. */
  rotations?: number
  /** Events about something else before, between and after. */
  others?: number
  /** Somebody tried to approve it once more when all was over: no receipt has that, and the log does. */
  refusedLater?: boolean
  alter?: Alterations
}

type Loose = Record<string, any> // eslint-disable-line typescript/no-explicit-any
/** Each may change what it is given in place, before it is signed or hashed. */
export type Alterations = {
  payload?: (payload: Loose) => void
  descriptor?: (descriptor: Loose) => void
  revision?: (record: Loose) => void
  statement?: (statement: Loose, place: number) => void
  decision?: (record: Loose, place: number) => void
  revocation?: (record: Loose) => void
  claim?: (record: Loose) => void
  outcome?: (record: Loose) => void
  observation?: (record: Loose, place: number) => void
  resolution?: (record: Loose) => void
  passkey?: (record: Loose, place: number) => void
  enrolment?: CeremonyLies
  /** What a person signs to add a passkey, and how. */
  act?: (statement: Loose, place: number) => void
  endorsement?: CeremonyLies
  assertion?: CeremonyLies
  /** The events about the action and its passkeys, before they are numbered and chained. */
  events?: (events: MadeEvent[]) => MadeEvent[]
  /** Which keys sign the checkpoint. */
  signers?: (keys: readonly NoteKey[]) => readonly NoteKey[]
}

/** `told` marks an event that belongs into the receipt. */
export type MadeEvent = { told: boolean; event: Record<string, unknown> }

export type MadeReceipt = {
  text: string
  receipt: Loose
  log: MadeEntry[]
  lines: string[]
  /** The first key that the log was signed with: whoever trusts it needs no other. */
  trustedKey: string
  noteKeys: readonly NoteKey[]
  checkpoint: string
}

const party = { id: 'localhost', origin: 'http://localhost:4600' }
const sha256Hex = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const recordHash = (record: unknown) => sha256Hex(canonicalize(record))
const uuid = (number: number) => `${number.toString(16).padStart(8, '0')}-1111-4111-8111-111111111111`
const executor = { executor_id: `exr_${uuid(7)}`, name: 'shop-agent' }
const actionId = `act_${uuid(1)}`
const names = ['Ada', 'Grace', 'Edith', 'Mary'] as const
const executionId = `exe_${uuid(2)}`
const approved: ReadonlySet<string> = new Set(['APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED', 'REVOKED'])
const claimed: ReadonlySet<string> = new Set(['EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED'])

/** A descriptor of the catalog. */
export function readCatalogDescriptor(id: string): Descriptor {
  return JSON.parse(readFileSync(new URL(`../../action-catalog/descriptors/${id}.json`, import.meta.url), 'utf8')) as Descriptor
}

/** A group for each role that follows another one, as `all_of` of a descriptor has them; what is not explained is asked of one more. */
function toGroups(approvers: readonly Approver[], blind: boolean): Descriptor['approval']['all_of'] {
  const groups: Descriptor['approval']['all_of'] = []
  for (const { role } of approvers) {
    const asked = role === 'admin' ? 'admin' : 'approver'
    const last = groups.at(-1)
    if (last?.role === asked) last.count += 1
    else groups.push({ role: asked, count: 1 })
  }
  const [first, ...others] = groups
  return first === undefined ? [{ role: 'approver', count: 1 }] : [{ ...first, count: Math.max(1, first.count - (blind ? 1 : 0)) }, ...others]
}

const undescribed = {
  all_of: [{ role: 'approver', count: 1 }],
  step_up: 'passkey',
  decide_within_seconds: 86_400,
  execute_within_seconds: 3_600,
  hold_seconds: 0,
} as const satisfies Descriptor['approval']

/** Whoever has to approve signs, unless the knobs say otherwise. */
export function makeReceipt(knobs: ReceiptKnobs = {}): MadeReceipt {
  const alter = knobs.alter ?? {}
  const state = knobs.state ?? 'COMPLETED'
  const payload = structuredClone(knobs.payload ?? { ...buildListing(), mode: state === 'SIMULATED' ? ('dry_run' as const) : ('live' as const) })
  const known = knobs.descriptor === undefined ? readCatalogDescriptor(`${payload.provider}.${payload.operation}`) : knobs.descriptor
  const descriptor = structuredClone(known)
  const authorizedBy = knobs.authorizedBy ?? 'people'
  const { blind, display_sha256: shown } = renderAction(payload, descriptor)
  const asked = descriptor?.approval ?? undescribed
  const roles = asked.all_of.flatMap(({ role, count }, group) => Array.from({ length: count + (blind && group === 0 ? 1 : 0) }, () => role))
  const whoever = roles.map((role, place): Approver => ({ name: names[place] ?? `Approver ${place}`, role, key: 'ES256' }))
  const approvers = authorizedBy === 'policy' ? [] : (knobs.approvers ?? whoever)
  const unsigned = approvers.some(({ key }) => key === null)
  const holdSeconds = authorizedBy === 'policy' ? 0 : (knobs.holdSeconds ?? asked.hold_seconds)
  const stepUp = knobs.stepUp ?? (unsigned ? 'preferred' : 'passkey')
  if (descriptor !== null && knobs.descriptor === undefined && authorizedBy === 'people') {
    if (knobs.approvers !== undefined) descriptor.approval.all_of = toGroups(approvers, blind)
    if (knobs.stepUp !== undefined || unsigned) descriptor.approval.step_up = stepUp
    descriptor.approval.hold_seconds = holdSeconds
  }
  const expected = sha256Hex(encodeRequest(payload, descriptor))
  alter.payload?.(payload)
  if (descriptor !== null) alter.descriptor?.(descriptor)
  const payloadText = canonicalize(payload)
  const descriptorText = descriptor === null ? null : canonicalize(descriptor)

  const events: MadeEvent[] = []
  let clock = Date.parse('2026-11-23T10:00:00.000Z')
  const now = (seconds = 1) => new Date((clock += seconds * 1_000)).toISOString()
  const tell = (event_type: string, result_status: string, more: Record<string, unknown> = {}) => {
    for (let other = 0; other < (knobs.others ?? 1); other += 1) events.push({ told: false, event: toEvent('run.reported', 'ok', {}, now()) })
    const told = { told: true, event: toEvent(event_type, result_status, more, new Date(clock).toISOString()) }
    events.push(told)
    return told
  }
  const about = (revision: number) => ({
    approval_ref: { kind: 'external_action', id: actionId },
    revision,
    payload_hash: sha256Hex(payloadText),
    requested_by: executor.executor_id,
  })
  const people = approvers.map((approver, place) => ({
    ...approver,
    operator_id: `op_${uuid(0x100 + place)}`,
    place: placeOf(approvers, place),
    passkey: approver.key === null ? null : passkeyOf(approver.key, place),
  }))

  const passkeys = people.flatMap(({ passkey, operator_id, name, passkeysBefore = 0 }, place) => {
    if (passkey === null) return []
    const before = Array.from({ length: passkeysBefore }, (_, age) => passkeyOf('ES256', 100 * (place + 1) + age))
    return [...before, passkey].map((own, age, all) => {
      const made = own.enrol(party, alter.enrolment)
      const by = all[age - 1]
      const record: Loose = {
        record: 'passkey',
        credential_id: own.credentialId,
        operator_id,
        relying_party: { ...party },
        public_key: own.publicKey,
        ...made,
        endorsement: by === undefined ? null : endorse(by, own, operator_id, place),
        created_at: now(),
      }
      alter.passkey?.(record, place)
      const added = tell('passkey.added', 'ok', {
        auth_principal_id: record.operator_id,
        auth_principal_name: name,
        external_object_id: record.credential_id,
        record_sha256: recordHash(record),
      })
      return { record, place, added }
    })
  })

  function endorse(by: SoftwarePasskey, added: SoftwarePasskey, operator_id: string, place: number): Loose {
    const act: Loose = {
      purpose: 'passkey_add',
      subject: { credential_id: added.credentialId, name: 'Key in the drawer' },
      operator: { sub: operator_id },
      nonce: 'n'.repeat(22),
    }
    const honest = JSON.parse(toActStatement(act as Parameters<typeof toActStatement>[0])) as Loose
    alter.act?.(honest, place)
    const statement = canonicalize(honest)
    return { credential_id: by.credentialId, statement, ...by.sign(party, Buffer.from(actChallenge(statement)), alter.endorsement) }
  }

  const revisionNo = knobs.revised === true ? 2 : 1
  const createdAt = now()
  const revision: Loose = {
    record: 'revision',
    action_id: actionId,
    revision: revisionNo,
    payload_hash: sha256Hex(payloadText),
    mode: payload.mode,
    tier: knobs.tier ?? (authorizedBy === 'policy' ? (descriptor?.tier ?? 'C') : 'C'),
    descriptor: descriptor === null ? null : { id: descriptor.id, version: descriptor.version, sha256: sha256Hex(descriptorText!) },
    requested_by: executor,
    started_by: knobs.startedBy ?? null,
    decide_by: new Date(Date.parse(createdAt) + asked.decide_within_seconds * 1_000).toISOString(),
    execute_within_seconds: authorizedBy === 'policy' ? (descriptor?.grant?.execute_within_seconds ?? 300) : asked.execute_within_seconds,
    hold_seconds: holdSeconds,
    step_up: authorizedBy === 'policy' ? 'none' : stepUp,
    quorum: people.map(({ role, place }) => ({ ...place, role: role === 'admin' ? 'admin' : 'approver' })),
    created_at: createdAt,
  }
  alter.revision?.(revision)
  if (revisionNo === 2) {
    tell('external_action.proposed', 'ok', { ...about(1), record_sha256: recordHash({ ...revision, revision: 1 }) })
    tell('external_action.change_asked', 'PENDING', { ...about(1), reason: 'Cheaper, please.', record_sha256: sha256Hex('of the first revision') })
    tell('external_action.revised', 'ok', { ...about(2), record_sha256: recordHash(revision) })
  } else {
    const granted = authorizedBy === 'policy' ? 'APPROVED' : 'ok'
    tell('external_action.proposed', granted, { ...about(1), record_sha256: recordHash(revision) })
  }
  tell('external_action.decision_refused', 'refused', { ...about(revisionNo), error_code: 'stale_revision' })

  const executeBy = new Date(
    Date.parse(revision.decide_by) + Math.min(revision.execute_within_seconds + revision.hold_seconds, 86_400) * 1_000,
  ).toISOString()
  const decisions: Loose[] = []
  const signers = new Set<number>()
  const decide = (place: number, kind: 'approve' | 'reject' | 'ask_change', result: string) => {
    const { name, role, operator_id, passkey, soleOperator } = people[place]!
    const approves = kind === 'approve'
    const statement: Loose = {
      v: 'autopack-approval/1',
      purpose: 'approve',
      action: { id: actionId, revision: revisionNo, payload_hash: revision.payload_hash },
      descriptor: revision.descriptor,
      display_sha256: shown,
      mode: revision.mode,
      approver: { sub: operator_id },
      requested_by: revision.requested_by,
      console_build: 'test',
      renderer_version: rendererVersion,
      nonce: 'n'.repeat(22),
      decide_by: revision.decide_by,
      execute_by: executeBy,
    }
    alter.statement?.(statement, place)
    const said = canonicalize(statement)
    const signed = approves && passkey !== null
    const reason = `Looked at it ${'«well»'} (${place})`
    const decisionId = `dec_${uuid(0x200 + decisions.length)}`
    const record: Loose = {
      record: 'decision',
      decision_id: decisionId,
      action_id: actionId,
      revision: revisionNo,
      payload_hash: revision.payload_hash,
      kind,
      reject_kind: kind === 'reject' ? 'never' : null,
      field: null,
      reason_sha256: sha256Hex(`${decisionId}\n${reason}`),
      operator_id,
      operator_role: role,
      strength: signed ? 'passkey' : approves ? 'password' : 'session',
      sole_operator: soleOperator ?? false,
      descriptor_sha256: revision.descriptor?.sha256 ?? null,
      display_sha256: approves ? shown : null,
      decided_at: now(),
      slot: approves ? { ...people[place]!.place } : null,
      signature: signed
        ? { credential_id: passkey.credentialId, statement: said, ...passkey.sign(party, Buffer.from(approvalChallenge(said)), alter.assertion) }
        : null,
    }
    alter.decision?.(record, place)
    if (record.signature !== null) signers.add(place)
    const event = { approve: 'external_action.approved', reject: 'external_action.rejected', ask_change: 'external_action.change_asked' }[kind]
    // While others are missing, the words of an approval are sealed.
    const words = result === 'PENDING' ? { reason: null, reason_sha256: record.reason_sha256 } : { reason }
    tell(event, result, { ...about(revisionNo), ...words, auth_principal_name: name, record_sha256: recordHash(record) })
    decisions.push({ ...record, reason, name })
  }
  if (state === 'REJECTED') decide(0, 'reject', 'REJECTED')
  else if (approved.has(state)) {
    for (const place of people.keys()) decide(place, 'approve', place === people.length - 1 ? 'APPROVED' : 'PENDING')
  }
  if (state === 'EXPIRED') tell('external_action.expired', 'EXPIRED', about(revisionNo))
  if (state === 'CANCELLED') tell('external_action.cancelled', 'CANCELLED', about(revisionNo))
  if (state === 'REVOKED') {
    const decisionId = `dec_${uuid(0x300)}`
    const reason = 'Not today.'
    const record: Loose = {
      record: 'revocation',
      decision_id: decisionId,
      action_id: actionId,
      revision: revisionNo,
      kind: holdSeconds > 0 ? 'veto' : 'revoke',
      reason_sha256: sha256Hex(`${decisionId}\n${reason}`),
      operator_id: `op_${uuid(0x400)}`,
      operator_role: 'viewer',
      decided_at: now(),
    }
    alter.revocation?.(record)
    const event = record.kind === 'veto' ? 'external_action.vetoed' : 'external_action.revoked'
    tell(event, 'REVOKED', { ...about(revisionNo), reason, auth_principal_name: 'Grace', record_sha256: recordHash(record) })
    decisions.push({ ...record, reason, name: 'Grace' })
  }

  const executions: Loose[] = []
  if (claimed.has(state)) {
    const claim: Loose = {
      record: 'claim',
      action_id: actionId,
      revision: revisionNo,
      payload_hash: revision.payload_hash,
      authorized_by: authorizedBy,
      execution_id: executionId,
      fence: 1,
      executor_id: executor.executor_id,
      key_id: 'key_0123456789ab',
      claimed_at: now(holdSeconds + 5),
      expected_sha256: expected,
    }
    alter.claim?.(claim)
    tell('external_action.claimed', 'EXECUTING', { ...about(revisionNo), record_sha256: recordHash(claim) })
    executions.push({ claim, outcome: null, observations: [], resolution: null })
    if (state !== 'EXECUTING') finish(executions[0]!)
  }

  function finish(execution: Loose): void {
    const unknown = state === 'UNKNOWN' || knobs.resolved !== undefined || knobs.leaseLost === true
    const end = unknown ? 'unknown' : { COMPLETED: 'completed', FAILED: 'failed', SIMULATED: 'simulated' }[state as 'COMPLETED']
    const sent = end === 'completed' ? 'yes' : unknown ? 'unknown' : 'no'
    const outcome: Loose = {
      record: 'outcome',
      execution_id: executionId,
      outcome: end,
      sent,
      sent_sha256: sent === 'yes' ? expected : null,
      external_object_id: sent === 'yes' ? 'lst-4711' : null,
      external_url: null,
      error_code: unknown ? 'lease_lost' : null,
      error_summary: unknown ? 'The executor fell silent.' : null,
      finished_at: now(),
      recorded_by: knobs.leaseLost === true ? 'clock' : executor.executor_id,
    }
    alter.outcome?.(outcome)
    const event = knobs.leaseLost === true ? 'external_action.lease_lost' : 'external_action.finished'
    const reached = unknown ? 'UNKNOWN' : state
    tell(event, reached, { ...about(revisionNo), record_sha256: recordHash(outcome) })
    execution.outcome = outcome
    if (knobs.resolved !== undefined) {
      const resolution: Loose = {
        record: 'resolution',
        execution_id: executionId,
        outcome: knobs.resolved,
        looked_at: 'https://shop.example/lst-4711',
        reason: 'It is there.',
        external_object_id: 'lst-4711',
        operator_id: `op_${uuid(0x400)}`,
        operator_role: 'approver',
        resolved_at: now(),
      }
      alter.resolution?.(resolution)
      const ended = knobs.resolved === 'completed' ? 'COMPLETED' : 'FAILED'
      tell('external_action.resolved', ended, {
        ...about(revisionNo),
        reason: 'It is there. Looked at: the shop',
        record_sha256: recordHash(resolution),
      })
      execution.resolution = resolution
    }
    for (const [place, result] of (knobs.observations ?? []).entries()) {
      const observation: Loose = {
        record: 'observation',
        execution_id: executionId,
        no: place + 1,
        result,
        observed: '{"price":{"amount_minor":3900}}',
        detail: result === 'cannot_verify' ? 'It could not be read.' : null,
        observed_at: now(),
        recorded_by: executor.executor_id,
      }
      alter.observation?.(observation, place)
      tell('external_action.observed', result, { ...about(revisionNo), record_sha256: recordHash(observation) })
      execution.observations.push(observation)
    }
  }

  if (knobs.refusedLater === true) {
    events.push({ told: false, event: toEvent('external_action.decision_refused', 'refused', about(revisionNo), now()) })
  }
  events.push({ told: false, event: toEvent('run.reported', 'ok', {}, now()) })
  const needed = passkeys.filter(({ place }) => signers.has(place))
  for (const { place, added } of passkeys) added.told = signers.has(place)
  const all = number(alter.events?.(events) ?? events)
  const end = all.findLastIndex(({ told, event }) => told && event['result_status'] !== 'refused')
  const log = chain(all.map(({ event }) => event))
  const keys = Array.from({ length: (knobs.rotations ?? 0) + 1 }, () => makeNoteKey())
  const rotations = keys.slice(1).map((next, place) => makeRotation(next, place + 1, [keys[place]!, next]))
  const checkpoint = makeCheckpoint(log, log.length, alter.signers?.(keys) ?? [keys.at(-1)!], now())
  const receipt: Loose = {
    v: 'autopack-receipt/1',
    made_at: now(),
    action: { id: actionId, state: knobs.resolved === 'failed' ? 'FAILED' : state, revision: revisionNo },
    payload: payloadText,
    descriptor: descriptorText,
    revision,
    decisions,
    executions,
    passkeys: needed.map(({ record }) => record).toSorted((one, other) => (one.credential_id < other.credential_id ? -1 : 1)),
    audit: log
      .filter((_, place) => all[place]!.told && place <= end)
      .map(({ seq, prev, hash, event }) => ({ seq, prev, hash, event: canonicalize(event), path: makePath(seq - 1, log) })),
    checkpoint,
    keys: keys.map(({ verifierKey }) => verifierKey),
    rotations,
  }
  return { text: JSON.stringify(receipt), receipt, log, lines: toLines(log), trustedKey: keys[0]!.verifierKey, noteKeys: keys, checkpoint }
}

/** The events about the action say which they are about it. */
function number(events: readonly MadeEvent[]): MadeEvent[] {
  let no = 0
  return events.map(({ told, event }) => {
    const about = event['approval_ref'] as { kind?: unknown; id?: unknown } | null | undefined
    return about?.kind === 'external_action' && about.id === actionId ? { told, event: { ...event, approval_ref_no: (no += 1) } } : { told, event }
  })
}

/** The place that somebody fills: a group for each role that follows another one. */
function placeOf(approvers: readonly Approver[], of: number): { group: number; slot: number } {
  let [group, slot] = [0, 0]
  for (let place = 1; place <= of; place += 1) {
    const same = (approvers[place]!.role === 'admin') === (approvers[place - 1]!.role === 'admin')
    group += same ? 0 : 1
    slot = same ? slot + 1 : 0
  }
  return { group, slot }
}

/** Keys are made once: those of RSA take long. */
const passkeysMade = new Map<string, SoftwarePasskey>()
function passkeyOf(kind: KeyKind, place: number): SoftwarePasskey {
  const name = `${kind} ${place}`
  const made = passkeysMade.get(name) ?? makeSoftwarePasskey(kind)
  passkeysMade.set(name, made)
  return made
}

function toEvent(event_type: string, result_status: string, more: Record<string, unknown>, at: string): Record<string, unknown> {
  return {
    event_type,
    at,
    result_status,
    auth_principal_id: null,
    auth_principal_name: null,
    approval_ref: null,
    approval_ref_no: null,
    revision: null,
    payload_hash: null,
    external_object_id: null,
    reason: null,
    ...more,
  }
}
