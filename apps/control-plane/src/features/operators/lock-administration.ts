import type { Transaction } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { hasOpenInvite, readIsAwaited } from '../../shared/invite-rows.ts'
import type { AdministerFacts } from './can-administer.ts'
import { lockPeople } from './operator-rows.ts'
import type { PersonRow } from './operator-rows.ts'
import type { Administrator } from './refuse-administration.ts'

/**
 * The person and whoever asks, held until the transaction ends, with what canAdminister wants to know. Throws `not_found`, and
 * `operator_disabled` or `role_missing` when who asks is no admin any more.
 */
export async function lockAdministration(
  tx: Transaction,
  principal: Administrator,
  operatorId: string,
): Promise<{ person: PersonRow; facts: Omit<AdministerFacts, 'act' | 'role'> }> {
  const asking = principal.kind === 'operator' ? principal.operatorId : null
  const locked = await lockPeople(tx, asking === null ? [operatorId] : [asking, operatorId])
  if (asking !== null) requireAdmin(locked.find((row) => row.operator_id === asking))
  const person = locked.find((row) => row.operator_id === operatorId)
  if (!person) throw new ProblemError('not_found', 'There is nobody with this id.')
  const others = locked.filter((row) => row.enabled && row.role === 'admin' && row.operator_id !== operatorId)
  return {
    person,
    facts: {
      asking_operator_id: asking,
      person: {
        ...person,
        joined: person.joined_at !== null,
        has_open_invite: await hasOpenInvite(tx, operatorId),
        is_awaited: await readIsAwaited(tx, operatorId),
      },
      other_admins: others.length,
    },
  }
}

/** Their role at this moment, not when the request came in (I-10). */
export function requireAdmin(asking: PersonRow | undefined): void {
  if (!asking?.enabled) throw new ProblemError('operator_disabled', 'This operator is disabled. An admin can enable it again.')
  if (asking.role !== 'admin') throw new ProblemError('role_missing', `This needs the role admin; you are ${asking.role}.`)
}
