import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import { keepNewerAction } from './external-action-queries.ts'

function buildAction(version: number, now = '2026-11-22T13:00:00.000Z', action_id = 'act_1'): ExternalAction {
  return { action_id, version, now } as ExternalAction
}

describe('keepNewerAction', () => {
  it('keeps the higher version, whichever arrives last', () => {
    expect(keepNewerAction(buildAction(3), buildAction(2)).version).toBe(3)
    expect(keepNewerAction(buildAction(2), buildAction(3)).version).toBe(3)
  })

  it('takes the later answer of the same version, because what a person may do can change without it', () => {
    expect(keepNewerAction(buildAction(2, '2026-11-22T13:00:05.000Z'), buildAction(2)).now).toBe('2026-11-22T13:00:05.000Z')
    expect(keepNewerAction(buildAction(2), buildAction(2, '2026-11-22T13:00:05.000Z')).now).toBe('2026-11-22T13:00:05.000Z')
  })

  it('never keeps another action', () => {
    expect(keepNewerAction(buildAction(9), buildAction(1, undefined, 'act_2')).action_id).toBe('act_2')
  })
})
