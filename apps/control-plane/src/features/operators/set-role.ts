import { setOperatorRole as route } from '@autopack/contract/people'
import { hasRole, type Role } from '@autopack/contract/roles'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { endInvitesBy, toEndedWords } from '../../shared/invite-rows.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canAdminister } from './can-administer.ts'
import { lockAdministration } from './lock-administration.ts'
import { updatePerson } from './operator-rows.ts'
import { proveAdministration } from './prove-administration.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; role: Role; reason: string; signature?: SignedAct | undefined; requestId: string | null }

/**
 * Their sessions end with it, so that nobody acts on a page that was made for another role, and so do the invites of somebody who is no admin
 * any more. Throws `not_found`, `own_role`,
 * `last_admin`, and what stands between a session and such an act.
 */
export async function setRole(deps: Pick<Deps, 'db' | 'now' | 'settings'>, input: Input): Promise<void> {
  const { principal, operatorId, role, reason, signature, requestId } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const summary = `${person.name}: ${person.role} → ${role}`
    const may = canAdminister({ ...facts, act: 'set_role', role })
    const now = await readClock(tx, deps.now)
    const attempt = { principal, act: 'set_role', operatorId, summary, reason, requestId, signature, now } as const
    if (!may.allowed) return refuseAdministration(tx, attempt, may)
    if (person.role === role) return null
    const signed = { purpose: 'operator_role', subject: { operator_id: operatorId, role } } as const
    const stepUp = await proveAdministration(tx, deps, principal, { route, facts: signed, signature }, now)
    if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)
    const changed = await updatePerson(tx, operatorId, { role })
    const invitesEnded = hasRole(role, 'admin') ? 0 : await endInvitesBy(tx, operatorId, now)
    const proof = stepUp.proof && toProofFacts(stepUp.proof)
    await recordPersonChange(
      tx,
      principal,
      changed,
      { event_type: 'operator.role_set', payload_summary: summary + toEndedWords(invitesEnded), reason, proof },
      { requestId },
    )
    return null
  })
  if (refusal) throw refusal
}
