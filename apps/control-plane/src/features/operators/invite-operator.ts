import { randomUUID } from 'node:crypto'
import type { Role } from '@autopack/contract/roles'
import type { Deps } from '../../deps.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { issueInvite } from './issue-invite.ts'
import { requireAdmin } from './lock-administration.ts'
import { insertInvited, lockNames, lockPeople } from './operator-rows.ts'
import { recordPersonChange } from './record-person-change.ts'
import { refuseAdministration } from './refuse-administration.ts'
import type { Administrator } from './refuse-administration.ts'

type Input = { principal: Administrator; body: { name: string; role: Role }; requestId: string | null }
export type Invited = { operatorId: string; secret: string; expires_at: string }

/**
 * Makes the person, who may do nothing until they accept, and their invite. Throws `name_taken`, also for a name that reads the
 * same: people would be taken for one another, and the console could not tell who signs in.
 */
export async function inviteOperator(deps: Pick<Deps, 'db' | 'now'>, { principal, body, requestId }: Input): Promise<Invited> {
  const { name, role } = body
  const result = await deps.db.transaction(async (tx): Promise<Invited | AuditedRefusal> => {
    const locked = await lockPeople(tx, principal.kind === 'operator' ? [principal.operatorId] : [])
    if (principal.kind === 'operator') requireAdmin(locked.find((row) => row.operator_id === principal.operatorId))
    const taken = (await lockNames(tx)).find((other) => foldName(other) === foldName(name))
    const now = await readClock(tx, deps.now)
    if (taken !== undefined) {
      const attempt = { principal, act: 'invite', operatorId: null, summary: `${name}, ${role}`, reason: null, requestId } as const
      return refuseAdministration(tx, attempt, 'name_taken', `Somebody is called ${taken}. Choose a name that cannot be mistaken for theirs.`)
    }
    const operatorId = `op_${randomUUID()}`
    await insertInvited(tx, { operatorId, name, role, now })
    const issued = await issueInvite(tx, principal, operatorId, now)
    const facts = { event_type: 'operator.invited', payload_summary: `${name}, ${role}; until ${issued.expires_at}` }
    await recordPersonChange(tx, principal, { operator_id: operatorId, version: 0 }, facts, { requestId })
    return { operatorId, ...issued }
  })
  if (result instanceof AuditedRefusal) throw result
  return result
}

/** As the console compares what is typed at sign-in. */
function foldName(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}
