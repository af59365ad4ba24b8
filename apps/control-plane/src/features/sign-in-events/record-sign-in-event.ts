import type { recordSignInEvents } from '@autopack/contract/operators'
import type { BodyOf } from '@autopack/contract/route'
import { createHash } from 'node:crypto'
import type { AuditedFacts } from '../../audit/record-audit.ts'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { findIdempotent, recordIdempotent } from '../../shared/idempotency.ts'
import { endUsedInvite } from '../../shared/invite-rows.ts'
import { closeSetUp } from '../../shared/set-up-rows.ts'

export type SignInEvent = BodyOf<typeof recordSignInEvents>['events'][number]

const eventTypes: Readonly<Record<SignInEvent['kind'], AuditedFacts['event_type']>> = {
  signed_in: 'sign_in.succeeded',
  sign_in_refused: 'sign_in.refused',
  signed_out: 'session.ended',
  password_changed: 'password.changed',
  password_reset: 'password.reset',
  session_revoked: 'session.revoked',
  request_refused: 'request.refused',
  stepped_up: 'session.stepped_up',
}

/** Appends one event of the console's outbox to the audit log, once however often it is delivered. True: it was new. */
export async function recordSignInEvent(deps: Deps, event: SignInEvent, requestId: string): Promise<boolean> {
  const bodySha256 = createHash('sha256').update(event.delivery_id).digest('hex')
  const place = { principalId: 'console', routeId: 'recordSignInEvents', key: event.delivery_id, bodySha256 }
  return deps.db.transaction(async (tx) => {
    if (await findIdempotent(tx, place)) return false
    await recordIdempotent(tx, place, { recorded: true })
    if (event.kind === 'signed_in' && event.operator_id !== null) {
      await closeSetUp(tx, event.operator_id)
      await endUsedInvite(tx, event.operator_id, deps.now)
    }
    await recordAudit(tx, { kind: 'console' }, toFacts(event), { requestId })
    return true
  })
}

function toFacts(event: SignInEvent): AuditedFacts {
  // Whoever runs the server did it to that person: it is not an act of theirs.
  if (event.kind === 'password_reset')
    return {
      event_type: eventTypes[event.kind],
      result_status: 'ok',
      external_object_id: event.operator_id,
      payload_summary: `of ${event.name}, ${event.detail}`,
    }
  // Whoever was refused has not shown to be anybody, whatever name was typed.
  const operatorId = event.kind === 'sign_in_refused' ? null : event.operator_id
  const refused = event.kind === 'sign_in_refused' || event.kind === 'request_refused'
  const at = new Date(event.at)
  return {
    event_type: eventTypes[event.kind],
    result_status: refused ? 'refused' : 'ok',
    auth_principal_type: operatorId === null ? 'anonymous' : 'operator',
    auth_principal_id: operatorId ?? 'anonymous',
    auth_principal_name: event.name === '' ? null : event.name,
    principal_chain: [operatorId === null ? 'anonymous' : `operator:${operatorId}`, 'console'],
    requested_by: event.operator_id,
    requested_at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
    error_code: event.code ?? (refused ? 'not_said' : null),
    payload_summary: event.detail === '' ? null : event.detail,
  }
}
