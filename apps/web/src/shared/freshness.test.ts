import { heartbeatMs } from '@autopack/contract/events'
import { expect, test } from 'vitest'
import { staleAfterMs, toFreshness } from './freshness.ts'

const now = 1_000_000

test.each([
  ['an open stream that just spoke', { open: true, heardAtMs: now - 400, openedAtMs: 0, unreachable: false }, 'live', true],
  ['an open stream that lost one heartbeat', { open: true, heardAtMs: now - 9_900, openedAtMs: 0, unreachable: false }, 'live', true],
  [
    'an open stream that is silent for more than ten seconds',
    { open: true, heardAtMs: now - 10_001, openedAtMs: 0, unreachable: false },
    'stale',
    false,
  ],
  ['a stream heard four seconds ago that broke', { open: false, heardAtMs: now - 4_000, openedAtMs: 0, unreachable: false }, 'connecting', true],
  ['a silent stream that was cut just now', { open: false, heardAtMs: now - 14_000, openedAtMs: 0, unreachable: false }, 'stale', false],
  ['a console that does not answer', { open: false, heardAtMs: now - 12_000, openedAtMs: 0, unreachable: true }, 'offline', false],
  ['a console that stopped answering a second ago', { open: false, heardAtMs: now - 2_000, openedAtMs: 0, unreachable: true }, 'offline', true],
  ['a page that was never connected', { open: false, heardAtMs: null, openedAtMs: now - 1_000, unreachable: false }, 'connecting', false],
  [
    'a page that is not connected after eleven seconds',
    { open: false, heardAtMs: null, openedAtMs: now - 11_000, unreachable: false },
    'stale',
    false,
  ],
] as const)('%s is %s', (_, facts, state, fresh) => {
  expect(toFreshness(facts, now)).toMatchObject({ state, fresh })
})

test('Two heartbeats in a row may be lost before a page is stale', () => {
  expect(2 * heartbeatMs).toBeLessThan(staleAfterMs)
})

test('A clock that was set back never makes an age negative', () => {
  expect(toFreshness({ open: true, heardAtMs: now + 5_000, openedAtMs: 0, unreachable: false }, now).ageMs).toBe(0)
})
