import { expect, test } from 'vitest'
import { findOwnSlot } from './find-own-slot.ts'

const admin = { role: 'admin', filled_by: null } as const
const approver = { role: 'approver', filled_by: null } as const
const filled = { role: 'approver', filled_by: { name: 'Mira' } } as const

test('An approver never has the place of an admin', () => {
  expect(findOwnSlot([admin, approver], 'approver')).toBe(1)
  expect(findOwnSlot([filled, admin], 'approver')).toBe(-1)
})

test('An admin fills the place that asks for most, so that an approver finds one, and the other one when it is the last', () => {
  expect(findOwnSlot([approver, admin], 'admin')).toBe(1)
  expect(findOwnSlot([admin, filled], 'admin')).toBe(0)
  expect(findOwnSlot([filled, approver], 'admin')).toBe(1)
})

test('A viewer has no place', () => {
  expect(findOwnSlot([approver], 'viewer')).toBe(-1)
})
