import { describe, expect, it } from 'vitest'
import { listActFacts } from './act-facts.ts'

const known = {
  passkeys: [{ credential_id: 'q83vEjRWeJA', name: 'Key in the drawer', created_at: '2026-11-03T14:02:00.000Z' }],
  people: [{ operator_id: 'op_mira', name: 'Mira' }],
  executors: [{ executor_id: 'exr_1', name: 'shop-writer' }],
  brakes: [{ brake_id: 'brk_1', reason: 'the prices look wrong' }],
}
const nothing = { passkeys: [], people: [], executors: [], brakes: [] }

describe('what is signed', () => {
  it('names the passkey that goes, and when it was added, and not its id', () => {
    const facts = listActFacts({ purpose: 'passkey_remove', credential_id: 'q83vEjRWeJA' }, known)
    expect(facts).toEqual([
      { label: 'Passkey', value: 'Key in the drawer', form: 'text' },
      { label: 'Added', value: '2026-11-03T14:02:00.000Z', form: 'at' },
    ])
    expect(JSON.stringify(facts)).not.toContain('q83vEjRWeJA')
  })

  it('names people, executors and stops as this browser knows them', () => {
    const transfer = listActFacts({ purpose: 'executor_transfer', executor_id: 'exr_1', owner_operator_id: 'op_mira' }, known)
    expect(transfer.map(({ value }) => value)).toEqual(['shop-writer', 'Mira'])
    expect(listActFacts({ purpose: 'brake_release', brake_id: 'brk_1' }, known)[0]?.value).toBe('the prices look wrong')
  })

  it('shows the id of what nothing here knows: never less than what is signed', () => {
    expect(listActFacts({ purpose: 'passkey_reset', operator_id: 'op_mira' }, nothing)).toEqual([{ label: 'Person', value: 'op_mira', form: 'id' }])
    expect(listActFacts({ purpose: 'passkey_remove', credential_id: 'q83vEjRWeJA' }, nothing)).toEqual([
      { label: 'Passkey', value: 'q83vEjRWeJA', form: 'id' },
    ])
  })
})
