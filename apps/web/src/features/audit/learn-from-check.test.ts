import type { BelievedCheckpoint } from '@autopack/verifier/checkpoint'
import { describe, expect, it } from 'vitest'
import type { LogResult } from '../../shared/evidence/check-order.ts'
import type { KnownLog } from '../../shared/evidence/last-check.ts'
import { learnFromCheck } from './learn-from-check.ts'

const at = '2026-11-23T10:00:00.000Z'
const before = '2026-11-20T10:00:00.000Z'
const hash = 'ab'.repeat(32)

function believed(size: number, key: string): BelievedCheckpoint {
  return { origin: 'c/audit', size, root: hash, head: hash, time: at, key_id: '01020304', key, trust: 'stated' }
}

function held(checkpoints: BelievedCheckpoint[], newest: string | null): LogResult {
  return { verdict: { ok: true, count: 9, head: hash, checkpoints }, newest, bytes: 1, tookMs: 1 }
}

const known: KnownLog = {
  last: { at: before, tookMs: 1, ok: true, count: 5, head: hash, seq: null, checkpoints: 1, keys: 'console' },
  note: 'note 5',
  keys: ['old'],
  rotations: ['old to new'],
  since: before,
}

describe('learnFromCheck', () => {
  it('remembers the keys that signed and the largest checkpoint that held', () => {
    const learned = learnFromCheck(
      null,
      held([believed(3, 'old'), believed(8, 'new')], 'note 8'),
      { keys: 'console', ofReader: 0, rotations: ['r'] },
      at,
    )
    expect(learned).toMatchObject({
      note: 'note 8',
      keys: ['old', 'new'],
      rotations: ['r'],
      since: at,
      last: { ok: true, count: 9, signed: 8, keys: 'console' },
    })
  })

  it('learns no key where no checkpoint held, whatever the console states', () => {
    const learned = learnFromCheck(null, held([], null), { keys: 'console', ofReader: 0, rotations: ['planted'] }, at)
    expect(learned).toMatchObject({ note: null, keys: [], rotations: [] })
  })

  it('goes on from what it knew, and lets the keys of the reader take the place of those of a first check', () => {
    const result = held([believed(8, 'new')], 'note 8')
    expect(learnFromCheck(known, result, { keys: 'browser', ofReader: 0, rotations: known.rotations }, at)).toMatchObject({
      keys: ['old', 'new'],
      since: before,
    })
    expect(learnFromCheck(known, result, { keys: 'reader', ofReader: 0, rotations: [] }, at)).toMatchObject({ keys: ['new'], since: at })
  })

  it('keeps what it knew when the log does not hold', () => {
    const result: LogResult = {
      verdict: { ok: false, reason: 'changed', seq: 4, until: null, detail: 'its content does not have the hash' },
      newest: null,
      bytes: 1,
      tookMs: 1,
    }
    expect(learnFromCheck(known, result, { keys: 'browser', ofReader: 0, rotations: ['planted'] }, at)).toEqual({
      ...known,
      last: { at, tookMs: 1, ok: false, count: 3, head: null, seq: 4, checkpoints: 0, keys: 'browser' },
    })
  })

  it('says nothing about the log where only what the reader pasted was not believed', () => {
    const result: LogResult = {
      verdict: { ok: false, reason: 'checkpoint_key', seq: null, until: null, detail: 'no' },
      newest: null,
      bytes: 0,
      tookMs: 1,
    }
    expect(learnFromCheck(known, result, { keys: 'browser', ofReader: 1, rotations: [] }, at)).toBe(known)
    expect(learnFromCheck(known, result, { keys: 'browser', ofReader: 0, rotations: [] }, at)?.last.ok).toBe(false)
  })
})
