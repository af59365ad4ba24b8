import type { ExternalAction } from '@autopack/contract/external-actions'

type Needed = ExternalAction['still_needed'][number]

const shownNames = 3

/** Who may fill one group's open places: `Jonas or Tomás`, `2 of Ada, Bo, Cleo and 4 others`, `nobody here: an admin has to be invited`. */
export function toNeededWords(needed: Needed, ownId: string): string {
  const names = needed.people
    .map((person) => (person.operator_id === ownId ? 'you' : person.name))
    .toSorted((one, other) => Number(other === 'you') - Number(one === 'you'))
  const shown = names.slice(0, shownNames)
  const others = needed.people_total - shown.length
  if (needed.people_total < needed.count) {
    const missing = needed.people_total === 0 ? 'nobody here' : `only ${join(shown, 'and')}`
    return `${missing}: ${needed.role === 'admin' ? 'an admin' : 'an approver'} has to be found`
  }
  if (others > 0) return `${needed.count} of ${shown.join(', ')} and ${others === 1 ? '1 other' : `${others} others`}`
  if (needed.count === shown.length) return join(shown, 'and')
  return needed.count === 1 ? join(shown, 'or') : `${needed.count} of ${join(shown, 'and')}`
}

function join(names: readonly string[], word: string): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
