import type { OperatorEntry } from '@autopack/contract/people'
import { describe, expect, it } from 'vitest'
import { findOnlyAdmin, listPersonActs } from './person-words.ts'

function buildPerson(part: Partial<OperatorEntry> = {}, why: string | null = null): OperatorEntry {
  const allowed_actions = (['set_role', 'disable', 'enable', 'reissue_invite'] as const).map((action) => ({ action, allowed: why === null, why }))
  return {
    operator_id: 'op_00000000-0000-0000-0000-000000000001',
    name: 'Mira',
    role: 'approver',
    state: 'enabled',
    is_self: false,
    administration: {
      version: 1,
      created_at: '2026-11-01T00:00:00.000Z',
      joined_at: '2026-11-01T00:00:00.000Z',
      last_seen_at: null,
      passkey_count: 1,
      executor_count: 0,
      live_key_count: 0,
      invite: null,
      allowed_actions,
    },
    ...part,
  }
}

const actsOf = (person: OperatorEntry) => listPersonActs(person).map(({ act }) => act)

describe('what an admin is offered for a person', () => {
  it('is what makes sense in their state', () => {
    expect(actsOf(buildPerson({}, 'They have a password.'))).toEqual(['set_role', 'disable', 'reset_passkeys'])
    expect(actsOf(buildPerson())).toEqual(['set_role', 'disable', 'reissue_invite', 'reset_passkeys'])
    expect(actsOf(buildPerson({ state: 'disabled' }))).toEqual(['set_role', 'enable', 'reissue_invite', 'reset_passkeys'])
    expect(actsOf(buildPerson({ state: 'invited' }))).toEqual(['set_role', 'disable', 'reissue_invite'])
  })

  it('keeps what is not allowed, with why in the words of the server', () => {
    expect(listPersonActs(buildPerson({}, 'The last admin stays.'))[0]).toEqual({ act: 'set_role', allowed: false, why: 'The last admin stays.' })
  })

  it('never lets somebody reset their own passkeys', () => {
    expect(listPersonActs(buildPerson({ is_self: true })).at(-1)).toMatchObject({ act: 'reset_passkeys', allowed: false })
  })

  it('is nothing to whoever is no admin', () => {
    expect(actsOf(buildPerson({ administration: null }))).toEqual([])
  })
})

describe('the only admin', () => {
  it('is named while there is one, and disabled or invited ones do not count', () => {
    const ada = buildPerson({ name: 'Ada', role: 'admin' })
    expect(findOnlyAdmin([ada, buildPerson({ role: 'admin', state: 'disabled' }), buildPerson()])).toBe('Ada')
    expect(findOnlyAdmin([ada, buildPerson({ role: 'admin' })])).toBeNull()
  })
})
