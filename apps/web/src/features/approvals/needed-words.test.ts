import { expect, test } from 'vitest'
import { toNeededWords } from './needed-words.ts'

const people = (...names: string[]) => names.map((name) => ({ operator_id: `op_${name}`, name }))
const needed = (names: string[], more: object = {}) => ({
  group: 0,
  role: 'approver' as const,
  count: 1,
  people: people(...names),
  people_total: names.length,
  ...more,
})

test.each([
  ['one of two', needed(['Jonas', 'Tomás']), 'Jonas or Tomás'],
  ['both of two', needed(['Jonas', 'Tomás'], { count: 2 }), 'Jonas and Tomás'],
  ['one of one', needed(['Jonas']), 'Jonas'],
  ['two of three', needed(['Ada', 'Bo', 'Cleo'], { count: 2 }), '2 of Ada, Bo and Cleo'],
  ['one of many', needed(['Ada', 'Bo', 'Cleo', 'Dee'], { people_total: 9 }), 'Ada, Bo, Cleo or 6 others'],
  ['two of three, with oneself', needed(['Ada', 'me', 'Cleo'], { count: 2 }), '2 of Ada, Cleo and you'],
  ['all of many', needed(['Ada', 'Bo', 'Cleo', 'Dee'], { count: 4 }), 'Ada, Bo, Cleo and 1 other'],
  ['oneself first', needed(['Ada', 'me']), 'you or Ada'],
  ['nobody at all', needed([], { role: 'admin' }), 'an admin, and nobody who may see this can be it'],
  ['fewer than it takes', needed(['Ada'], { count: 2 }), 'Ada, and an approver who is not there yet'],
])('%s is named', (_, facts, words) => {
  expect(toNeededWords(facts, 'op_me')).toBe(words)
})
