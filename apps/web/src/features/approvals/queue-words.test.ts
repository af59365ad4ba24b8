import type { WaitingItem } from '@autopack/contract/approvals'
import { describe, expect, it } from 'vitest'
import { toQueueWords } from './queue-words.ts'

const item = (provider: string) => ({ kind: 'external_action', action: { provider, run_id: null, executor: { executor_id: 'e' } } }) as WaitingItem
const exact = (count: number) => ({ count, exact: true })
const mine = { items: [item('etsy'), item('shopify')], total: exact(2) }

describe('toQueueWords', () => {
  it('says how much is open and how much needs this person', () => {
    const released = { brake_engaged: false, brakes: [] }
    expect(toQueueWords(exact(9), mine, released)).toBe('9 open, 2 need you')
    expect(toQueueWords(exact(1), { items: [item('etsy')], total: exact(1) }, released)).toBe('1 open, 1 needs you')
  })

  it('never claims under a brake that something needs them', () => {
    const engaged = toQueueWords(exact(9), mine, { brake_engaged: true, brakes: [] })
    expect(engaged).toBe('9 open, 2 yours; none can be approved while the brake is engaged')
    expect(toQueueWords(exact(9), mine, { brake_engaged: false, brakes: [{ kind: 'provider', id: 'etsy' }] })).toBe(
      '9 open, 2 yours; 1 of them cannot be approved under a brake',
    )
  })
})
