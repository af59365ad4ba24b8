import { describe, expect, it } from 'vitest'
import { applyEventToExternalActions } from './apply-events.ts'

describe('applyEventToExternalActions', () => {
  it('names the action that changed and the ledger it stands in, and nothing for other events', () => {
    const event = { id: 1, version: 1, at: '2026-11-22T13:00:00.000Z' }
    expect(applyEventToExternalActions({ ...event, type: 'external_action.changed', resource: { kind: 'external_action', id: 'act_1' } })).toEqual([
      ['external-actions', 'one', 'act_1'],
      ['external-actions', 'ledger'],
    ])
    expect(applyEventToExternalActions({ ...event, type: 'run.changed', resource: { kind: 'run', id: 'r' } })).toEqual([])
  })
})
