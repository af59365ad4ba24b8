import type { ExternalAction } from '@autopack/contract/external-actions'
import { joinNames } from '../../shared/join-names.ts'
import { toOneOf } from '../../shared/role-words.ts'

type Needed = ExternalAction['still_needed'][number]

const shownNames = 3

/** Who may fill one group's open places: `you, Jonas or 4 others`, `2 of Ada, Bo, 4 others and you`, `an admin; nobody who may see this is one`. */
export function toNeededWords(needed: Needed, ownId: string): string {
  const names = needed.people
    .map((person) => (person.operator_id === ownId ? 'you' : person.name))
    .toSorted((one, other) => Number(other === 'you') - Number(one === 'you'))
  const shown = names.slice(0, shownNames)
  const others = needed.people_total - shown.length
  if (needed.people_total < needed.count) {
    const one = toOneOf(needed.role)
    return needed.people_total === 0 ? `${one}, and nobody who may see this can be it` : `${joinNames(shown, 'and')}, and ${one} who is not there yet`
  }
  if (others > 0) shown.push(`${others} other${others === 1 ? '' : 's'}`)
  if (needed.count === 1) return joinNames(shown, 'or')
  if (needed.count === needed.people_total) return joinNames(shown, 'and')
  // Last of them: “2 of you” would be two of the one who reads it.
  if (shown[0] === 'you') shown.push(shown.shift()!)
  return `${needed.count} of ${joinNames(shown, 'and')}`
}
