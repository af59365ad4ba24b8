import { describe, expect, it } from 'vitest'
import { keepNewerRequest, requestQuery, type WaitingRequest } from './request-queries.ts'

const held = { kind: 'approval_request', approval_id: 'apr_7', version: 2, now: '2026-11-22T14:00:05.000Z' } as WaitingRequest

describe('keepNewerRequest', () => {
  it('never takes an older answer for a newer one, whichever arrives last', () => {
    const older = { ...held, version: 1, now: '2026-11-22T14:00:09.000Z' } as WaitingRequest
    expect(keepNewerRequest(held, older)).toBe(held)
    expect(keepNewerRequest(older, held)).toBe(held)
  })

  it('takes of one version what was answered later, and of another request whatever arrives', () => {
    const later = { ...held, now: '2026-11-22T14:00:06.000Z' } as WaitingRequest
    expect(keepNewerRequest(held, later)).toBe(later)
    const other = { kind: 'governance_request', request_id: 'gov_0badcafe', version: 1, now: '2026-11-22T13:00:00.000Z' } as WaitingRequest
    expect(keepNewerRequest(held, other)).toBe(other)
  })
})

describe('requestQuery', () => {
  it('is kept under the id that its events name', () => {
    expect(requestQuery({ kind: 'governance_request', id: 'gov_0badcafe' }).queryKey).toEqual(['requests', 'gov_0badcafe'])
  })
})
