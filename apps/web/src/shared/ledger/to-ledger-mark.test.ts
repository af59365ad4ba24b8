import { describe, expect, it } from 'vitest'
import { toLedgerMark, type MarkedAction } from './to-ledger-mark.ts'

const nowMs = Date.parse('2026-11-22T14:00:00.000Z')
const action: MarkedAction = {
  state: 'COMPLETED',
  observed: null,
  not_before: null,
  change_requested: false,
  decide_by: '2026-11-22T15:00:00.000Z',
  decided_as: null,
}

describe('toLedgerMark', () => {
  it('draws a tick only for what was read back as approved', () => {
    expect(toLedgerMark({ ...action, observed: 'verified' }, nowMs)).toMatchObject({ kind: 'ok', label: 'Verified' })
    expect(toLedgerMark({ ...action, observed: 'drifted' }, nowMs)).toMatchObject({ kind: 'halted', ordinary: false })
    expect(toLedgerMark({ ...action, observed: 'cannot_verify' }, nowMs)?.kind).toBe('expired')
  })

  it('leaves the state alone where nobody has looked', () => {
    expect(toLedgerMark(action, nowMs)).toBeNull()
    expect(toLedgerMark({ ...action, state: 'UNKNOWN', observed: 'verified' }, nowMs)).toBeNull()
  })

  it('counts the hold down and then says nothing of it', () => {
    const held: MarkedAction = { ...action, state: 'APPROVED', not_before: '2026-11-22T14:00:42.000Z' }
    expect(toLedgerMark(held, nowMs)?.label).toBe('Hold 0:42')
    expect(toLedgerMark(held, nowMs + 42_000)).toBeNull()
  })

  it('tells what waits for its executor from what waits for a person, and what nobody can decide any more', () => {
    expect(toLedgerMark({ ...action, state: 'PENDING' }, nowMs)).toBeNull()
    expect(toLedgerMark({ ...action, state: 'PENDING', change_requested: true }, nowMs)?.label).toBe('Back at its executor')
    expect(toLedgerMark({ ...action, state: 'PENDING' }, nowMs + 7_200_000)?.label).toBe('Time is over')
  })

  it('calls a revocation in the hold a veto', () => {
    expect(toLedgerMark({ ...action, state: 'REVOKED', decided_as: 'veto' }, nowMs)?.label).toBe('Vetoed')
    expect(toLedgerMark({ ...action, state: 'REVOKED', decided_as: 'revoke' }, nowMs)).toBeNull()
  })
})
