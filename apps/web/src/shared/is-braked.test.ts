import { describe, expect, it } from 'vitest'
import { isBraked } from './is-braked.ts'

const request = { run_id: 'run-1', executor: { executor_id: 'exe_1', name: 'shop-writer' } }
const action = { ...request, provider: 'etsy' }
const released = { brake_engaged: false, brakes: [] }

describe('isBraked', () => {
  it('is true of everything while the brake over everything is engaged', () => {
    expect([action, request].map((item) => isBraked(item, { brake_engaged: true, brakes: [] }))).toEqual([true, true])
    expect([action, request].map((item) => isBraked(item, released))).toEqual([false, false])
  })

  it.each([
    ['provider', 'etsy', true, false],
    ['provider', 'shopify', false, false],
    ['run', 'run-1', true, true],
    ['run', '', false, false],
    ['executor', 'exe_1', true, true],
    ['executor', 'exe_2', false, false],
  ] as const)('knows what a brake over the %s “%s” reaches', (kind, id, ofAction, ofRequest) => {
    const control = { brake_engaged: false, brakes: [{ kind, id }] }
    expect([isBraked(action, control), isBraked(request, control)]).toEqual([ofAction, ofRequest])
  })

  it('claims nothing before it is known', () => {
    expect(isBraked(action, undefined)).toBe(false)
  })
})
