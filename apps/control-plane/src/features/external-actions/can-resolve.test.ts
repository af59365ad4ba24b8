import { describe, expect, it } from 'vitest'
import { actionStates } from '@autopack/contract/external-actions'
import { canResolve } from './can-resolve.ts'
import type { ResolveFacts, ResolveRefusalCode } from './can-resolve.ts'

const resolution = { operator_id: 'op_jo', name: 'jo', outcome: 'failed' as const, resolved_at: new Date('2026-11-22T12:00:00.000Z') }

function facts(change: Partial<ResolveFacts> = {}): ResolveFacts {
  return { operator: { role: 'approver', enabled: true }, action: { state: 'UNKNOWN' }, resolution: null, ...change }
}

const rows: [words: string, change: Partial<ResolveFacts>, answer: ResolveRefusalCode | 'yes'][] = [
  ['an approver', {}, 'yes'],
  ['an admin', { operator: { role: 'admin', enabled: true } }, 'yes'],
  ['a viewer', { operator: { role: 'viewer', enabled: true } }, 'role_missing'],
  ['a disabled admin', { operator: { role: 'admin', enabled: false } }, 'role_missing'],
  ['an outcome that somebody looked up', { action: { state: 'FAILED' }, resolution }, 'already_decided'],
  ...actionStates
    .filter((state) => state !== 'UNKNOWN')
    .map((state): [string, Partial<ResolveFacts>, ResolveRefusalCode] => [`an action that is ${state}`, { action: { state } }, 'not_unknown']),
]

describe('canResolve', () => {
  it.each(rows)('answers for %s', (_, change, answer) => {
    const may = canResolve(facts(change))
    expect(may.allowed ? 'yes' : may.code).toBe(answer)
  })

  it('says who looked, and what they found', () => {
    expect(canResolve(facts({ action: { state: 'FAILED' }, resolution }))).toMatchObject({
      detail: 'jo looked at 2026-11-22T12:00:00.000Z: it failed.',
    })
  })
})
