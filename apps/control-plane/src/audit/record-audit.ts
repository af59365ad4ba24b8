import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { auditHash } from '@autopack/approval-proof/audit-hash'
import type { AuditEvent } from '@autopack/contract/audit'
import { auditEventSchema } from '@autopack/contract/audit'
import { listMissing } from '@autopack/contract/audit-event-members'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { classifyDatabaseError, isOverdue } from '@autopack/server-kit/open-database'
import type { Transaction } from '@autopack/server-kit/open-database'
import * as z from 'zod/mini'
import { recordEvent, toControlEvent } from '../events/record-event.ts'
import { limitWaits } from '../shared/limit-waits.ts'
import type { Principal, SystemPrincipal } from '../shared/principal.ts'
import { toPrincipalId } from '../shared/principal.ts'
import {
  findAuditContext,
  findControlVersion,
  findLatestAuditMoment,
  insertAuditEvent,
  listLateBrakes,
  lockAuditHead,
  markBrakesAudited,
} from './append-rows.ts'
import type { AuditContext, LateBrake } from './append-rows.ts'
import { toBrakeFacts } from './to-brake-facts.ts'

export type AuditedFacts = Partial<AuditEvent> & Pick<AuditEvent, 'event_type' | 'result_status'>

/**
 * Appends one event to the audit chain, in the caller's transaction: both commit or neither does. Returns its `seq`.
 *
 * Locks the head of the chain until the transaction ends, so call it last (before recordEvent) and once. Who may see
 * the event follows from the executor, the run or the external action it names. Texts may hold anything; halves of
 * surrogate pairs are replaced, since they have no canonical form. Throws `audit_unavailable` when the log cannot be
 * written: then nothing else may be either (safety.md, I-22).
 *
 * A brake that was engaged while the log could not be written comes first (I-19).
 */
export async function recordAudit(
  tx: Transaction,
  principal: Principal,
  facts: AuditedFacts,
  context: { requestId: string | null; /** Sees it, too: about something of theirs that the event does not name. */ ownerOperatorId?: string },
): Promise<number> {
  try {
    await limitWaits(tx, 'with_itself')
    const head = await lockAuditHead(tx)
    const event = toAuditEvent(principal, facts, context.requestId, head.at)
    const found = await findAuditContext(tx, principal, event)
    const last = found.has_late_brakes ? await appendLateBrakes(tx, head) : head
    // They may be about the same thing, and are counted before this.
    const about = found.has_late_brakes ? await findAuditContext(tx, principal, event) : found
    const { ownerOperatorId = about.visibility.ownerOperatorId } = context
    return (await append(tx, last, event, { ...about, visibility: { ...about.visibility, ownerOperatorId } })).seq
  } catch (error) {
    throw toRefusal(error)
  }
}

/** The latest moment that an event was written at, by the clock of the database; null: there is none. Throws `audit_unavailable`, as writing does. */
export async function readLatestAuditMoment(tx: Transaction): Promise<Date | null> {
  try {
    return await findLatestAuditMoment(tx)
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Writes the brakes that were engaged while the log could not be written, when nothing else is written. Returns how many there were. */
export async function recordLateBrakes(tx: Transaction): Promise<number> {
  try {
    await limitWaits(tx, 'with_itself')
    const head = await lockAuditHead(tx)
    return (await appendLateBrakes(tx, head)).seq - head.seq
  } catch (error) {
    throw toRefusal(error)
  }
}

type Head = Awaited<ReturnType<typeof lockAuditHead>>

async function appendLateBrakes(tx: Transaction, head: Head): Promise<Head> {
  const late = await listLateBrakes(tx)
  let last = head
  for (const brake of late) {
    const event = toLateEvent(brake, head.at)
    last = await append(tx, last, event, await findAuditContext(tx, lateAuditPrincipal, event))
  }
  if (late.length > 0) {
    await markBrakesAudited(
      tx,
      late.map(({ brake_id }) => brake_id),
    )
    // Where the log hangs, the streams may not have heard of it either.
    await recordEvent(tx, toControlEvent(await findControlVersion(tx)))
  }
  return last
}

async function append(tx: Transaction, head: Head, facts: AuditEvent, about: AuditContext): Promise<Head> {
  const seq = head.seq + 1
  const event = facts.approval_ref === null ? facts : { ...facts, approval_ref_no: about.approval_ref_no }
  const hash = auditHash(seq, head.hash, event)
  await insertAuditEvent(tx, { seq, prev: head.hash, hash, text: canonicalize(event), visibility: about.visibility })
  return { ...head, seq, hash }
}

function toRefusal(error: unknown): ProblemError {
  const lost = isOverdue(error) ? null : classifyDatabaseError(error)
  if (lost) return lost
  const refusal = isBehindCheckpoint(error) ? new ProblemError('audit_unavailable', restoredDetail) : retryLater()
  refusal.cause = error
  return refusal
}

function retryLater(): ProblemError {
  return new ProblemError('audit_unavailable', 'The audit log cannot be written at the moment, so nothing was changed. Try again later.', {
    retryAfterSeconds: 10,
  })
}

const restoredDetail =
  'The audit log does not hold against a signed checkpoint: the database was restored from a backup that is older, or its log was changed. ' +
  'Nothing is written until whoever runs this deployment brings the newer database back or accepts this one (docs/deployment.md, “A restored database”).'

/** What the trigger of `audit_event` says while a signed checkpoint is ahead of the log, or disagrees with it. */
function isBehindCheckpoint(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1)
    if ((at as { code?: unknown }).code === 'RB001') return true
  return false
}

const lateAuditPrincipal: SystemPrincipal = { kind: 'system', name: 'late-audit' }

/** Who engaged it is known from its row; their session is not any more. */
function toLateEvent(brake: LateBrake, at: Date): AuditEvent {
  const facts = {
    ...toBrakeFacts(brake),
    event_type: 'control.brake_engaged' as const,
    result_status: 'ok',
    requested_at: brake.engaged_at.toISOString(),
  }
  return {
    ...toAuditEvent(lateAuditPrincipal, facts, null, at),
    auth_principal_type: 'operator',
    auth_principal_id: brake.operator_id,
    auth_principal_name: brake.name.toWellFormed(),
    principal_chain: [`operator:${brake.operator_id}`, 'console'],
    error_summary: 'Recorded late: the audit log could not be written when the brake was engaged.',
  }
}

function toAuditEvent(principal: Principal, facts: AuditedFacts, requestId: string | null, at: Date): AuditEvent {
  const event: AuditEvent = {
    at: at.toISOString(),
    request_id: requestId,
    auth_principal_type: principal.kind,
    auth_principal_id: toPrincipalId(principal),
    auth_principal_name: 'name' in principal ? principal.name : null,
    principal_chain: toPrincipalChain(principal),
    requested_by: null,
    approved_by: [],
    action_type: null,
    provider: null,
    operation: null,
    run_id: null,
    phase_id: null,
    approval_ref: null,
    revision: null,
    idempotency_key: null,
    requested_at: null,
    approved_at: null,
    executed_at: null,
    completed_at: null,
    payload_hash: null,
    payload_summary: null,
    external_target: null,
    external_object_id: null,
    error_code: null,
    error_summary: null,
    reason: null,
    risk_score: null,
    risk_level: null,
    descriptor_version: null,
    kill_switch_snapshot: null,
    spend_snapshot: null,
    proof: null,
    ...facts,
  }
  const read = z.parse(auditEventSchema, toWellFormed(event))
  const missing = listMissing(read)
  if (missing.length > 0) throw new Error(`an event ${read.event_type} has ${missing.join(', ')} always, and this one has not`)
  return read
}

/** Person → console → key, as it is at this moment. */
function toPrincipalChain(principal: Principal): string[] {
  switch (principal.kind) {
    case 'operator':
      return [`operator:${principal.operatorId}`, `session:${principal.sidHash}`, 'console', `key:${principal.keyId}`]
    case 'executor':
      return [`operator:${principal.ownerOperatorId}`, `executor:${principal.executorId}`, `key:${principal.keyId}`]
    case 'system':
      return [`system:${principal.name}`]
    default:
      return [principal.kind]
  }
}

function toWellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (Array.isArray(value)) return value.map(toWellFormed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), toWellFormed(item)]))
}
