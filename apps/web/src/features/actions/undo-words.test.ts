import { describe, expect, it } from 'vitest'
import { toUndoWords } from './undo-words.ts'

const nowMs = Date.parse('2026-11-22T14:00:00.000Z')
const undo = { text: 'unpublish, any time', operation: 'demo_shop.unpublish_listing', until: null }

describe('toUndoWords', () => {
  it('keeps an undo open for ever, or until its moment', () => {
    expect(toUndoWords({ state: 'COMPLETED', mode: 'live', undo }, nowMs)).toEqual({ words: 'any time', until: null, open: true })
    const bounded = { ...undo, until: '2026-11-22T14:00:01.000Z' }
    expect(toUndoWords({ state: 'COMPLETED', mode: 'live', undo: bounded }, nowMs)).toEqual({ words: 'until', until: bounded.until, open: true })
    expect(toUndoWords({ state: 'COMPLETED', mode: 'live', undo: bounded }, nowMs + 1_000)).toMatchObject({ words: 'closed', open: false })
  })

  it('promises no way back where there is none', () => {
    const none = { text: 'irreversible', operation: null, until: null }
    expect(toUndoWords({ state: 'COMPLETED', mode: 'live', undo: none }, nowMs)).toEqual({ words: 'irreversible', until: null, open: false })
  })

  it('does not speak of undoing what never left', () => {
    for (const state of ['REJECTED', 'REVOKED', 'EXPIRED', 'CANCELLED', 'SIMULATED'] as const) {
      expect(toUndoWords({ state, mode: 'live', undo }, nowMs).words).toBe('nothing to undo')
    }
    expect(toUndoWords({ state: 'FAILED', mode: 'dry_run', undo }, nowMs).words).toBe('nothing to undo')
  })

  it('asks to look first where nobody knows', () => {
    expect(toUndoWords({ state: 'UNKNOWN', mode: 'live', undo }, nowMs)).toMatchObject({ words: 'look it up first', open: false })
  })
})
