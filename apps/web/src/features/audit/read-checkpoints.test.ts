import { expect, test } from 'vitest'
import { sortOut } from './read-checkpoints.ts'

test('A log is held against every checkpoint that was not given up, also those that the console says it is behind or at odds with', () => {
  const items = [
    { note: 'a', size: 9, given_up: false, standing: 'ahead' },
    { note: 'b', size: 8, given_up: true, standing: 'disagrees' },
    { note: 'c', size: 7, given_up: false, standing: 'disagrees' },
    { note: 'd', size: 6, given_up: false, standing: 'holds' },
  ]
  expect(sortOut(items)).toEqual({
    notes: [
      { note: 'a', size: 9 },
      { note: 'c', size: 7 },
      { note: 'd', size: 6 },
    ],
    givenUp: ['b'],
  })
})
