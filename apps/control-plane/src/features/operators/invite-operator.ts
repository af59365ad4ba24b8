import { randomUUID } from 'node:crypto'
import { toSkeleton } from '@autopack/approval-proof/look-alike'
import { inviteOperator as route } from '@autopack/contract/people'
import type { Role } from '@autopack/contract/roles'
import type { SignedAct } from '@autopack/contract/webauthn'
import { foldName } from '@autopack/server-kit/fold-name'
import type { Deps } from '../../deps.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { issueInvite } from './issue-invite.ts'
import { requireAdmin } from './lock-administration.ts'
import { insertInvited, lockNames, lockPeople } from './operator-rows.ts'
import { proveAdministration } from './prove-administration.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; body: { name: string; role: Role; signature?: SignedAct | undefined }; requestId: string | null }
export type Invited = { operatorId: string; secret: string; expires_at: string }

/**
 * Makes the person, who may do nothing until they accept, and their invite. Throws `name_taken`, also for a name that looks the
 * same: people would be taken for one another where it says who approved, and the console could not tell who signs in.
 */
export async function inviteOperator(deps: Pick<Deps, 'db' | 'now' | 'settings'>, { principal, body, requestId }: Input): Promise<Invited> {
  const { name, role, signature } = body
  const result = await deps.db.transaction(async (tx): Promise<Invited | AuditedRefusal> => {
    const locked = await lockPeople(tx, principal.kind === 'operator' ? [principal.operatorId] : [])
    if (principal.kind === 'operator') requireAdmin(locked.find((row) => row.operator_id === principal.operatorId))
    const taken = (await lockNames(tx)).find((other) => toSkeleton(other) === toSkeleton(name) || foldName(other) === foldName(name))
    const now = await readClock(tx, deps.now)
    const attempt = { principal, act: 'invite', operatorId: null, summary: `${name}, ${role}`, reason: null, requestId, signature, now } as const
    if (taken !== undefined) {
      const detail = `Somebody is called ${taken}. Choose a name that cannot be mistaken for theirs.`
      return refuseAdministration(tx, attempt, { code: 'name_taken', detail })
    }
    const signed = { purpose: 'operator_invite', subject: { name, role } } as const
    const stepUp = await proveAdministration(tx, deps, principal, { route, facts: signed, signature }, now)
    if (!stepUp.ok) return refuseAdministration(tx, attempt, stepUp)
    const operatorId = `op_${randomUUID()}`
    await insertInvited(tx, { operatorId, name, role, now })
    const issued = await issueInvite(tx, principal, operatorId, now)
    const proof = stepUp.proof && toProofFacts(stepUp.proof)
    const facts = { event_type: 'operator.invited' as const, payload_summary: `${name}, ${role}; until ${issued.expires_at}`, proof }
    await recordPersonChange(tx, principal, { operator_id: operatorId, version: 0 }, facts, { requestId })
    return { operatorId, ...issued }
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}
