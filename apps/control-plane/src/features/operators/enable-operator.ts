import { enableOperator as route } from '@autopack/contract/people'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import type { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { canAdminister } from './can-administer.ts'
import { lockAdministration } from './lock-administration.ts'
import { updatePerson } from './operator-rows.ts'
import { proveAdministration } from './prove-administration.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; operatorId: string; reason: string; signature?: SignedAct | undefined; requestId: string | null }

/** Lets somebody in again; sessions of before stay over. Throws `not_found`, `not_joined`. */
export async function enableOperator(deps: Pick<Deps, 'db' | 'now' | 'settings'>, input: Input): Promise<void> {
  const { principal, operatorId, reason, signature, requestId } = input
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const { person, facts } = await lockAdministration(tx, principal, operatorId)
    const may = canAdminister({ ...facts, act: 'enable' })
    const now = await readClock(tx, deps.now)
    const attempt = { principal, act: 'enable', operatorId, summary: person.name, reason, requestId, signature, now } as const
    if (!may.allowed) return may.code === 'not_open' ? null : refuseAdministration(tx, attempt, may)
    const signed = { purpose: 'operator_enable', subject: { operator_id: operatorId } } as const
    const stepUp = await proveAdministration(tx, deps, principal, { route, facts: signed, signature }, now)
    if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)
    const changed = await updatePerson(tx, operatorId, { enabled: true })
    const summary = `${person.name}, ${person.role}`
    const proof = stepUp.proof && toProofFacts(stepUp.proof)
    await recordPersonChange(tx, principal, changed, { event_type: 'operator.enabled', payload_summary: summary, reason, proof }, { requestId })
    return null
  })
  if (refusal) throw refusal
}
