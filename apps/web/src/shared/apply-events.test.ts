import { describe, expect, it } from 'vitest'
import { applyEventToExternalActions, applyEventToRequests } from './apply-events.ts'

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

describe('applyEventToRequests', () => {
  const event = { id: 1, version: 1, at: '2026-11-22T13:00:00.000Z' }

  it('names the request that changed, of either kind', () => {
    const approval = { ...event, type: 'approval_request.changed', resource: { kind: 'approval_request', id: 'apr_7' } } as const
    const governance = { ...event, type: 'governance_request.changed', resource: { kind: 'governance_request', id: 'gov_0badcafe' } } as const
    expect(applyEventToRequests(approval)).toEqual([['requests', 'apr_7']])
    expect(applyEventToRequests(governance)).toEqual([['requests', 'gov_0badcafe']])
  })

  it('names all of them when a brake changes, which says what may be done with each', () => {
    expect(applyEventToRequests({ ...event, type: 'control.changed', resource: { kind: 'control', id: 'control' } })).toEqual([['requests']])
    expect(applyEventToRequests({ ...event, type: 'run.changed', resource: { kind: 'run', id: 'r' } })).toEqual([])
  })
})
