import { findDescriptor } from '@autopack/action-catalog/catalog'
import { describe, expect, it } from 'vitest'
import { findCapRefusal, listDailyCaps, toCapReset, toUtcDay } from './daily-caps.ts'

const control = { deployment_caps: { '': 10, USD: 1_000 } }
const descriptor = findDescriptor('demo_shop', 'create_listing')!

describe('daily caps', () => {
  it('counts every live action against the deployment and its own kind, and its cost against the currency, in the order of the locks', () => {
    expect(listDailyCaps(control, descriptor, { amount_minor: 20, currency: 'USD' })).toEqual([
      { scope: '', currency: '', cap: 10, amount: 1 },
      { scope: '', currency: 'USD', cap: 1_000, amount: 20 },
      { scope: 'demo_shop.create_listing', currency: '', cap: 50, amount: 1 },
    ])
  })

  it('has no room for a cost in a currency without a cap', () => {
    const caps = listDailyCaps(control, null, { amount_minor: 1, currency: 'EUR' }).map((cap) => ({ ...cap, used: 0, reserved: 0 }))
    expect(findCapRefusal(caps)).toBe('The cap on EUR a day for this deployment: €0.00 of €0.00 left, €0.01 needed. It starts anew at 00:00 UTC.')
  })

  it('fills a cap to the last unit and not beyond', () => {
    const cap = { scope: '', currency: 'USD', cap: 1_000, amount: 20 }
    expect(findCapRefusal([{ ...cap, used: 500, reserved: 480 }])).toBeNull()
    expect(findCapRefusal([{ ...cap, used: 500, reserved: 481 }])).toContain('$0.19 of $10.00 left')
  })

  it('has nothing left when a cap was lowered below what is spent', () => {
    expect(findCapRefusal([{ scope: '', currency: '', cap: 3, amount: 1, used: 5, reserved: 0 }])).toContain('0 of 3 left')
  })

  it('starts anew at midnight UTC, the end of the month included', () => {
    const late = new Date('2026-12-31T23:59:59.999Z')
    expect([toUtcDay(late), toCapReset(late).toISOString()]).toEqual(['2026-12-31', '2027-01-01T00:00:00.000Z'])
  })
})
