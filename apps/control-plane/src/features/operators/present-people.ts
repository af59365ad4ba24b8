import type { OperatorEntry } from '@autopack/contract/people'
import { operatorEntrySchema, personActs } from '@autopack/contract/people'
import type { Queryable } from '@autopack/server-kit/open-database'
import * as z from 'zod/mini'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { canAdminister } from './can-administer.ts'
import { listPeople } from './operator-rows.ts'
import type { ListedPerson } from './operator-rows.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>

/** Others than admins get who is enabled, with name and role only. */
export async function presentPeople(db: Queryable, viewer: Viewer, now: Date): Promise<OperatorEntry[]> {
  const people = await listPeople(db, now)
  const seen = viewer.role === 'admin' ? people : people.filter(({ person }) => person.enabled)
  return seen.map((listed) => toOperatorEntry(listed, viewer, countOtherAdmins(people, listed), now))
}

/** One person, as this admin sees them after the change. */
export async function presentPerson(db: Queryable, viewer: Viewer, operatorId: string, now: Date): Promise<OperatorEntry> {
  const people = await listPeople(db, now)
  const listed = people.find(({ person }) => person.operator_id === operatorId)
  if (!listed) throw new Error('an operator vanished')
  return toOperatorEntry(listed, viewer, countOtherAdmins(people, listed), now)
}

function countOtherAdmins(people: readonly ListedPerson[], { person }: ListedPerson): number {
  return people.filter((other) => other.person.enabled && other.person.role === 'admin' && other.person.operator_id !== person.operator_id).length
}

function toOperatorEntry(listed: ListedPerson, viewer: Viewer, other_admins: number, now: Date): OperatorEntry {
  const { person, invite } = listed
  return z.parse(operatorEntrySchema, {
    operator_id: person.operator_id,
    name: person.name,
    role: person.role,
    state: person.enabled ? 'enabled' : person.joined_at === null && invite !== null ? 'invited' : 'disabled',
    is_self: person.operator_id === viewer.operatorId,
    administration:
      viewer.role !== 'admin'
        ? null
        : {
            version: person.version,
            created_at: person.created_at.toISOString(),
            joined_at: person.joined_at?.toISOString() ?? null,
            last_seen_at: listed.seen_at?.toISOString() ?? null,
            passkey_count: listed.passkey_count,
            executor_count: listed.executor_count,
            live_key_count: listed.live_key_count,
            invite: toInvite(listed, now),
            allowed_actions: personActs.map((act) => toAllowed(act, listed, viewer, other_admins)),
          },
  })
}

function toInvite({ person, invite, invited_by }: ListedPerson, now: Date) {
  if (invite === null || person.joined_at !== null) return null
  return {
    state: invite.expires_at > now ? 'open' : 'expired',
    created_at: invite.created_at.toISOString(),
    created_by: invited_by,
    expires_at: invite.expires_at.toISOString(),
  }
}

function toAllowed(act: (typeof personActs)[number], { person, invite, is_awaited }: ListedPerson, viewer: Viewer, other_admins: number) {
  const { operator_id, name, role, enabled } = person
  const may = canAdminister({
    act,
    asking_operator_id: viewer.operatorId,
    person: { operator_id, name, role, enabled, joined: person.joined_at !== null, has_open_invite: invite !== null, is_awaited },
    other_admins,
  })
  return { action: act, allowed: may.allowed, why: may.allowed ? null : may.detail }
}
