import { expect, test } from 'vitest'
import { toSealedUntil } from './sealed-until.ts'

test.each([
  ['whoever may approve: until they do', [{ action: 'approve', allowed: true, why: null }], 'until you decide'],
  [
    'whoever may not approve now: until all have',
    [
      { action: 'approve', allowed: false, why: 'Viewers cannot approve.' },
      { action: 'reject', allowed: true, why: null },
    ],
    'until everybody needed has decided',
  ],
  ['whoever is told of no approval at all: until all have', [], 'until everybody needed has decided'],
] as const)('the words of others are sealed to %s', (_, allowed_actions, words) => {
  expect(toSealedUntil({ allowed_actions: [...allowed_actions] })).toBe(words)
})
