import { expect, test } from 'vitest'
import type { KnownLog } from '../../shared/evidence/last-check.ts'
import { toStanding } from './to-standing.ts'

const at = '2026-11-23T10:00:00.000Z'
const before = { readAtMs: Date.parse(at) - 1 }
const after = { readAtMs: Date.parse(at) + 1 }

function known(more: Partial<KnownLog['last']> = {}): KnownLog {
  const last = { at, tookMs: 1, ok: true, count: 1_001, head: 'ab'.repeat(32), seq: null, checkpoints: 2, keys: 'browser' as const, ...more }
  return { last, note: 'note', keys: ['key'], rotations: [], since: at }
}

test('A log is called shorter only by what the console said after the check', () => {
  expect(toStanding(known(), { size: 1_000, ...before })).toEqual({ kind: 'ok', label: 'Intact' })
  expect(toStanding(known(), { size: 1_000, ...after })).toEqual({ kind: 'failed', label: 'Shorter than when it was checked: 1,001 then' })
  expect(toStanding(known(), { size: 1_002, ...after })).toEqual({ kind: 'ok', label: 'Intact to 1,001' })
  expect(toStanding(known(), null)).toEqual({ kind: 'ok', label: 'Intact' })
  expect(toStanding(known({ signed: 990 }), null)).toEqual({ kind: 'ok', label: 'Intact to 990' })
})

test('A log is called intact only when this browser held it against checkpoints of a key it knew', () => {
  const now = { size: 1_001, ...after }
  expect(toStanding(null, now)).toEqual({ kind: 'idle', label: 'Not checked in this browser yet' })
  expect(toStanding(known({ checkpoints: 0 }), now).label).toBe('Holds together, without a checkpoint')
  expect(toStanding(known({ keys: 'console' }), now).label).toBe('Holds together, by a key not known before')
  expect(toStanding(known({ ok: false, seq: 12 }), now)).toEqual({ kind: 'failed', label: 'Did not hold at 12' })
  expect(toStanding(known({ ok: false }), now).label).toBe('Did not hold')
})
