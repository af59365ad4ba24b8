import type { ExternalAction } from '@autopack/contract/external-actions'

type Needed = ExternalAction['still_needed'][number]

const shownNames = 3

/** Who may fill one group's open places: `you, Jonas or 4 others`, `2 of Ada, Bo, 4 others and you`, `nobody here: an admin has to be invited`. */
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
  if (others > 0) shown.push(`${others} other${others === 1 ? '' : 's'}`)
  if (needed.count === 1) return join(shown, 'or')
  if (needed.count === needed.people_total) return join(shown, 'and')
  // Last of them: “2 of you” would be two of the one who reads it.
  if (shown[0] === 'you') shown.push(shown.shift()!)
  return `${needed.count} of ${join(shown, 'and')}`
}

function join(names: readonly string[], word: string): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
