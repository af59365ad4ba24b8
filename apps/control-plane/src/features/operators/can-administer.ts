import type { personActs } from '@autopack/contract/people'
import type { ProblemCode } from '@autopack/contract/problems'
import type { Role } from '@autopack/contract/roles'

export type AdministerFacts = {
  act: (typeof personActs)[number]
  /** Null: whoever runs the server, with a command. */
  asking_operator_id: string | null
  person: { operator_id: string; name: string; role: Role; enabled: boolean; joined: boolean; has_open_invite: boolean; is_awaited: boolean }
  /** Besides this person. */
  other_admins: number
  /** For `set_role`, once it is chosen. */
  role?: Role
}
export type MayAdminister = { allowed: true } | { allowed: false; code: ProblemCode; detail: string }

/** Whether an admin may do this to a person. That they are an admin is asked elsewhere. */
export function canAdminister({ act, asking_operator_id, person, other_admins, role }: AdministerFacts): MayAdminister {
  const isLast = person.enabled && person.role === 'admin' && other_admins === 0
  switch (act) {
    case 'set_role':
      if (person.operator_id === asking_operator_id) return refuse('own_role', 'Nobody changes their own role. Ask another admin.')
      if (isLast && role !== 'admin') return refuse('last_admin', `${person.name} is the last admin. Make somebody else an admin first.`)
      return { allowed: true }
    case 'disable':
      if (!person.enabled && !person.has_open_invite) return refuse('not_open', `${person.name} is disabled already.`)
      if (isLast) return refuse('last_admin', `${person.name} is the last admin. Make somebody else an admin first.`)
      return { allowed: true }
    case 'enable':
      if (!person.joined) return refuse('not_joined', `${person.name} has never come in. Issue another invite.`)
      if (person.enabled) return refuse('not_open', `${person.name} is enabled already.`)
      return { allowed: true }
    case 'reissue_invite':
      if (person.joined && !person.has_open_invite && !person.is_awaited)
        return refuse('already_joined', `${person.name} has come in already. Whoever runs the server can reset a lost password.`)
      return { allowed: true }
  }
}

function refuse(code: ProblemCode, detail: string): MayAdminister {
  return { allowed: false, code, detail }
}
