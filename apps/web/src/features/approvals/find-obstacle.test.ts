import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import type { Freshness } from '../../shared/freshness.ts'
import { findObstacle, findRejectObstacle } from './find-obstacle.ts'
import type { Proposal } from './read-proposal.ts'

const live: Freshness = { state: 'live', ageMs: 0, fresh: true }
const nowMs = Date.parse('2026-11-22T13:00:00.000Z')
const action = {
  state: 'PENDING',
  revision: 1,
  decide_by: '2026-11-22T13:18:00.000Z',
  allowed_actions: [
    { action: 'approve', allowed: true, why: null },
    { action: 'reject', allowed: true, why: null },
  ],
} as unknown as ExternalAction
const proposal = { revision: 1, differences: [], rendered: {} } as unknown as Proposal
const clear = {
  ...{ action, proposal, freshness: live, readFailed: false, nowMs, payloadFailed: false, newerRevision: null },
  ...{ phase: null, sending: false, rejecting: false, passkeys: null },
}

describe('findObstacle', () => {
  it('finds nothing when the action is open, read, equal, in time, and the stream is fresh', () => {
    expect(findObstacle(clear)).toBeNull()
  })

  const viewer = [{ action: 'approve' as const, allowed: false, why: 'Approvers and admins approve.' }]
  it.each([
    ['closed', { action: { ...action, state: 'REJECTED' as const } }],
    ['closed', { newerRevision: 2 }],
    ['over', { nowMs: Date.parse(action.decide_by) }],
    ['role', { action: { ...action, allowed_actions: viewer } }],
    ['role', { action: { ...action, allowed_actions: [] } }],
    ['loading', { proposal: null }],
    ['loading', { action: { ...action, revision: 2 } }],
    ['bytes', { proposal: { ...proposal, differences: ['other hash'] } }],
    ['bytes', { proposal: { ...proposal, rendered: null } }],
    ['sending', { sending: true }],
    ['sending', { phase: 'asking' as const }],
    ['sending', { phase: 'password' as const }],
    ['sending', { phase: 'sending' as const }],
    ['prompt', { phase: 'prompt' as const }],
    ['busy', { rejecting: true }],
    ['no_passkey', { action: { ...action, step_up: 'passkey' as const }, passkeys: 0 }],
    ['stale', { readFailed: true }],
    ['stale', { freshness: { state: 'stale' as const, ageMs: 14_000, fresh: false } }],
  ])('is stopped by %s', (kind, change) => {
    expect(findObstacle({ ...clear, ...change })?.kind).toBe(kind)
  })

  it('is stopped by a missing passkey only where nothing else will do, and only when it is known to be missing', () => {
    expect(findObstacle({ ...clear, action: { ...action, step_up: 'preferred' }, passkeys: 0 })).toBeNull()
    expect(findObstacle({ ...clear, action: { ...action, step_up: 'passkey' }, passkeys: null })).toBeNull()
    expect(findObstacle({ ...clear, action: { ...action, step_up: 'passkey' }, passkeys: 1 })).toBeNull()
  })

  it('calls what is being answered by its name, a rejection or a change asked for', () => {
    expect(findObstacle({ ...clear, rejecting: true })?.words).toBe('You are rejecting it.')
    expect(findObstacle({ ...clear, rejecting: 'change_this' })?.words).toBe('You are asking for a change.')
  })

  it('says the server’s own reason when the role does not allow it', () => {
    expect(findObstacle({ ...clear, action: { ...action, allowed_actions: viewer } })?.words).toBe('Approvers and admins approve.')
  })
})

describe('findRejectObstacle', () => {
  it('is not stopped by time, by a stale stream or by bytes: the safe act stays possible', () => {
    expect(findRejectObstacle({ ...action, decide_by: '2000-01-01T00:00:00.000Z' })).toBeNull()
  })

  it('keeps rejecting possible while a change is asked for, which cannot be asked for twice', () => {
    const asked = { ...action, allowed_actions: [...action.allowed_actions, { action: 'ask_change' as const, allowed: false, why: 'Mira asked.' }] }
    expect(findRejectObstacle(asked)).toBeNull()
    expect(findRejectObstacle(asked, 'ask_change')).toBe('Mira asked.')
  })

  it('is stopped by the role and by an action that is closed', () => {
    expect(findRejectObstacle({ ...action, allowed_actions: [] })).not.toBeNull()
    expect(findRejectObstacle({ ...action, state: 'COMPLETED' })).not.toBeNull()
  })
})
