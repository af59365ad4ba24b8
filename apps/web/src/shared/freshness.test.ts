import { expect, test } from 'vitest'
import { toFreshness } from './freshness.ts'

const now = 1_000_000

test.each([
  ['an open stream that just spoke', { open: true, heardAtMs: now - 400, closedAtMs: 0, unreachable: false }, 'live', true],
  ['an open stream whose heartbeat is due', { open: true, heardAtMs: now - 15_500, closedAtMs: 0, unreachable: false }, 'live', true],
  ['an open stream whose heartbeat is ten seconds late', { open: true, heardAtMs: now - 25_001, closedAtMs: 0, unreachable: false }, 'stale', false],
  ['a stream that broke three seconds ago', { open: false, heardAtMs: now - 4_000, closedAtMs: now - 3_000, unreachable: false }, 'connecting', true],
  ['a stream that broke eleven seconds ago', { open: false, heardAtMs: now - 12_000, closedAtMs: now - 11_000, unreachable: false }, 'stale', false],
  ['a console that does not answer', { open: false, heardAtMs: now - 12_000, closedAtMs: now - 11_000, unreachable: true }, 'offline', false],
  [
    'a console that stopped answering a second ago',
    { open: false, heardAtMs: now - 2_000, closedAtMs: now - 1_000, unreachable: true },
    'offline',
    true,
  ],
  ['a page that was never connected', { open: false, heardAtMs: null, closedAtMs: now - 1_000, unreachable: false }, 'connecting', false],
] as const)('%s is %s', (_, facts, state, fresh) => {
  expect(toFreshness(facts, now)).toMatchObject({ state, fresh })
})

test('A clock that was set back never makes an age negative', () => {
  expect(toFreshness({ open: true, heardAtMs: now + 5_000, closedAtMs: 0, unreachable: false }, now).ageMs).toBe(0)
})
