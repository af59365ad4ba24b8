import type { OperatorEntry, personActs } from '@autopack/contract/people'
import type { Role } from '@autopack/contract/roles'

export type PersonAct = (typeof personActs)[number] | 'reset_passkeys'

type Offer = { act: PersonAct; allowed: boolean; why: string | null }

/** What an admin may do to this person, in the order of the dialog; what makes no sense for them is left out. */
export function listPersonActs(person: OperatorEntry): Offer[] {
  if (person.administration === null) return []
  const offers: Offer[] = person.administration.allowed_actions
    .filter(({ action, allowed }) => !isBesideThePoint(action, person, allowed))
    .map(({ action, allowed, why }) => ({ act: action, allowed, why }))
  if (person.state !== 'invited') {
    offers.push({
      act: 'reset_passkeys',
      allowed: !person.is_self,
      why: person.is_self ? 'Nobody resets their own; another admin can, or remove them one by one in your settings.' : null,
    })
  }
  return offers
}

function isBesideThePoint(act: PersonAct, { state }: OperatorEntry, allowed: boolean): boolean {
  if (act === 'enable') return state !== 'disabled'
  if (act === 'disable') return state === 'disabled'
  // Allowed: cut off before they had a password.
  return act === 'reissue_invite' && state === 'enabled' && !allowed
}

/** Not to be done here, and said where it is looked for. */
export const passwordReset = { choose: 'Reset the password', why: 'Whoever runs the server can reset a lost password.' }

export const actWords: Readonly<Record<PersonAct, { choose: string; button: string; acting: string; means: string; why: string }>> = {
  set_role: {
    choose: 'Change the role',
    button: 'Change the role',
    acting: 'Changing',
    means: 'Their sessions end, and they sign in again. What they decided stays.',
    why: 'Why another role',
  },
  disable: {
    choose: 'Disable',
    button: 'Disable',
    acting: 'Disabling',
    means:
      'Their sessions and live views end within five seconds; open invites, theirs and those they made, are void. Their executors begin nothing new. You can let them in again.',
    why: 'Why they may not sign in',
  },
  enable: {
    choose: 'Let in again',
    button: 'Let in again',
    acting: 'Letting in',
    means: 'They sign in anew, with the password and the passkeys they had.',
    why: 'Why they may sign in again',
  },
  reissue_invite: {
    choose: 'Another invite link',
    button: 'Make another link',
    acting: 'Making a link',
    means: 'A new link, shown once. Every earlier one is void.',
    why: 'Why another link',
  },
  reset_passkeys: {
    choose: 'Reset the passkeys',
    button: 'Reset the passkeys',
    acting: 'Resetting',
    means: 'Each of their passkeys is out of use at once and their sessions end. They may make a first one within 24 hours. This cannot be undone.',
    why: 'What happened to them, and how you know that it is them who asks',
  },
}

/** What has just been done, and what undoes it. */
export function toDoneWords(act: PersonAct, name: string, role: Role): string {
  switch (act) {
    case 'set_role':
      return `${name} is ${role} now, and signs in again.`
    case 'disable':
      return `${name} is disabled. Manage, then “Let in again”, undoes it.`
    case 'enable':
      return `${name} may sign in again.`
    case 'reissue_invite':
      return `${name} has a new link; the earlier ones are void.`
    case 'reset_passkeys':
      return `The passkeys of ${name} are out of use. They may make a first one within 24 hours.`
  }
}

/** Null, or who is the only admin: what depends on one person is said before that person is away. */
export function findOnlyAdmin(people: readonly OperatorEntry[]): string | null {
  const admins = people.filter((person) => person.role === 'admin' && person.state === 'enabled')
  return admins.length === 1 ? admins[0]!.name : null
}
