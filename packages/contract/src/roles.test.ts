import { expect, test } from 'vitest'
import { choosePlace, hasRole, roles } from './roles.ts'
import type { Role } from './roles.ts'

const needed: Role[] = ['approver', 'admin']

function listsOf(length: number, from: readonly Role[]): Role[][] {
  if (length === 0) return [[]]
  return listsOf(length - 1, from).flatMap((list) => from.map((role) => [...list, role]))
}

/** Whether these people can cover these places at all, whoever takes which. */
function canCover(places: readonly Role[], people: readonly Role[]): boolean {
  const [first, ...rest] = places
  if (first === undefined) return true
  return people.some((role, place) => hasRole(role, first) && canCover(rest, people.toSpliced(place, 1)))
}

test('choosePlace: people who can cover all places together do, in whatever order they come', () => {
  let checked = 0
  for (const places of [1, 2, 3].flatMap((length) => listsOf(length, needed))) {
    for (const people of listsOf(places.length, roles)) {
      const open = [...places]
      for (const role of people) {
        const place = choosePlace(open, role)
        if (place !== -1) open.splice(place, 1)
      }
      expect(open.length === 0, `${places.join()} by ${people.join()}`).toBe(canCover(places, people))
      checked += 1
    }
  }
  expect(checked).toBe(2 * 3 + 4 * 9 + 8 * 27)
})

test('choosePlace: a person without the role has none', () => {
  expect(choosePlace(['approver', 'admin'], 'viewer')).toBe(-1)
  expect(choosePlace(['admin'], 'approver')).toBe(-1)
  expect(choosePlace([], 'admin')).toBe(-1)
})
