import { reissueInvite as route } from '@autopack/contract/people'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { endInvite } from '../../shared/invite-rows.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canAdminister } from './can-administer.ts'
import type { Invited } from './invite-operator.ts'
import { issueInvite } from './issue-invite.ts'
import { lockAdministration } from './lock-administration.ts'
import { proveAdministration } from './prove-administration.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; reason: string; signature?: SignedAct | undefined; requestId: string | null }

/** Another link for somebody who has never signed in; every earlier one is void. Throws `not_found`, `already_joined`. */
export async function reissueInvite(deps: Pick<Deps, 'db' | 'now' | 'settings'>, input: Input): Promise<Invited> {
  const { principal, operatorId, reason, signature, requestId } = input
  const result = await deps.db.transaction(async (tx): Promise<Invited | AuditedRefusal> => {
    const { person, facts: known } = await lockAdministration(tx, principal, operatorId)
    const may = canAdminister({ ...known, act: 'reissue_invite' })
    const now = await readClock(tx, deps.now)
    const attempt = { principal, act: 'reissue_invite', operatorId, summary: person.name, reason, requestId, signature, now } as const
    if (!may.allowed) return refuseAdministration(tx, attempt, may)
    const signed = { purpose: 'operator_invite', subject: { name: person.name, role: person.role } } as const
    const stepUp = await proveAdministration(tx, deps, principal, { route, facts: signed, signature }, now)
    if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)
    await endInvite(tx, operatorId, 'reissued', now)
    const issued = await issueInvite(tx, principal, operatorId, now)
    const summary = `${person.name}, ${person.role}; until ${issued.expires_at}`
    const proof = stepUp.proof && toProofFacts(stepUp.proof)
    const facts = { event_type: 'operator.invite_reissued' as const, payload_summary: summary, reason, proof }
    await recordPersonChange(tx, principal, person, facts, { requestId })
    return { operatorId, ...issued }
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}
