import { describe, expect, test } from 'vitest'
import { letsThrough, toSwitchReason, toTurn, type Switch } from './switch-state.ts'

const kill = (more: Partial<Switch>): Switch => ({
  name: 'ETSY_PUBLISH',
  on: false,
  ceiling: true,
  row: false,
  variable: 'AUTOPACK_ENABLE_ETSY_PUBLISH',
  ...more,
})
const dry = (more: Partial<Switch>): Switch =>
  kill({ name: 'DRY_RUN', variable: 'AUTOPACK_SIDE_EFFECTS_DRY_RUN', on: true, ceiling: false, row: true, ...more })

test('dry run lets something through while it is off, every other switch while it is on', () => {
  expect([letsThrough(kill({ on: true })), letsThrough(kill({})), letsThrough(dry({})), letsThrough(dry({ on: false }))]).toEqual([
    true,
    false,
    false,
    true,
  ])
})

describe('why a switch holds something back', () => {
  test.each([
    [kill({ on: true, row: true }), null],
    [kill({}), 'off here, the environment allows on'],
    [kill({ ceiling: false, row: true }), null],
    [kill({ ceiling: false }), 'off here, too'],
    [kill({ row: null }), 'off: there is no control row, so everything is stopped'],
    [dry({ on: false, row: false }), null],
    [dry({}), 'on here, the environment allows off'],
    [dry({ ceiling: true, row: false }), null],
    [dry({ ceiling: true }), 'on here, too'],
  ])('%j', (control, words) => expect(toSwitchReason(control)).toBe(words))
})

describe('turning a switch', () => {
  test('towards safety is for approvers, towards effect for admins', () => {
    expect(toTurn(kill({ on: true, row: true }), 'approver')).toEqual({ on: false, towardsEffect: false, missing: null })
    expect(toTurn(kill({}), 'approver')).toMatchObject({ on: true, towardsEffect: true, missing: 'turning it on needs an admin; you are approver' })
    expect(toTurn(kill({}), 'admin').missing).toBeNull()
    expect(toTurn(kill({ on: true, row: true }), 'viewer').missing).toBe('turning it off needs an approver; you are viewer')
    expect(toTurn(dry({ on: false, row: false }), 'approver')).toEqual({ on: true, towardsEffect: false, missing: null })
    expect(toTurn(dry({}), 'approver').missing).toBe('turning it off needs an admin; you are approver')
  })

  test('has no use where the environment alone holds it', () => {
    for (const role of ['approver', 'admin'] as const) {
      expect(toTurn(kill({ ceiling: false }), role).missing).toBe('the environment says off: changing it needs a new start')
      expect(toTurn(kill({ ceiling: false, row: true }), role).missing).toBe('the environment says off: changing it needs a new start')
      expect(toTurn(dry({ ceiling: true }), role).missing).toBe('the environment says on: changing it needs a new start')
    }
  })

  test('without a control row there is nothing to turn', () => {
    expect(toTurn(kill({ row: null }), 'admin').missing).toBe('there is no control row to write to')
  })
})
