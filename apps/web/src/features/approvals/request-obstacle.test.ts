import { describe, expect, it } from 'vitest'
import { findRequestObstacle, findRequestRefusalObstacle } from './request-obstacle.ts'

type Situation = Parameters<typeof findRequestObstacle>[0]
const allow = (action: 'approve' | 'reject' | 'ask_change') => ({ action, allowed: true, why: null })
const request: Situation['request'] = {
  state: 'PENDING',
  decide_by: '2026-11-22T15:00:00.000Z',
  allowed_actions: [allow('approve'), allow('reject'), allow('ask_change')],
  body_sha256: 'a'.repeat(64),
}
const fine: Situation = {
  request,
  hash: 'a'.repeat(64),
  unreadable: false,
  freshness: { state: 'live', ageMs: 400, fresh: true } as Situation['freshness'],
  readFailed: false,
  nowMs: Date.parse('2026-11-22T14:00:00.000Z'),
  sending: false,
}

describe('findRequestObstacle', () => {
  it('lets a request be approved when nothing stands in the way', () => {
    expect(findRequestObstacle(fine)).toBeNull()
  })

  it.each<[string, Partial<Situation>]>([
    ['closed', { request: { ...request, state: 'CHANGE_ASKED' } }],
    ['over', { nowMs: Date.parse('2026-11-22T15:00:00.000Z') }],
    ['role', { request: { ...request, allowed_actions: [] } }],
    ['loading', { hash: null }],
    ['bytes', { hash: 'b'.repeat(64) }],
    ['sending', { sending: true }],
    ['stale', { freshness: { state: 'stale', ageMs: 12_000, fresh: false } as Situation['freshness'] }],
    ['stale', { readFailed: true }],
  ])('keeps approving off: %s', (kind, changed) => {
    expect(findRequestObstacle({ ...fine, ...changed })?.kind).toBe(kind)
  })

  it('gives the server’s own words where it says no', () => {
    const approve = { action: 'approve' as const, allowed: false, why: 'The brake is engaged. Rejecting works.' }
    expect(findRequestObstacle({ ...fine, request: { ...request, allowed_actions: [approve, allow('reject')] } })?.words).toBe(approve.why)
  })
})

describe('findRequestRefusalObstacle', () => {
  it('holds rejecting back only where it is not open or not allowed', () => {
    expect(findRequestRefusalObstacle(request, 'reject')).toBeNull()
    expect(findRequestRefusalObstacle({ ...request, state: 'EXPIRED' }, 'reject')).toBe('This is no longer open.')
    expect(findRequestRefusalObstacle({ ...request, allowed_actions: [] }, 'ask_change')).toBe('You may not do this.')
  })
})
