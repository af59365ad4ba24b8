import { expect, test } from 'vitest'
import { toBrakeAddress } from './to-brake-address.ts'

test('the brake leads to the open question, also when nobody knows what is stopped', () => {
  expect(toBrakeAddress('approver', { brake_engaged: false })).toBe('/brake?scope=all')
  expect(toBrakeAddress('admin', undefined)).toBe('/brake?scope=all')
})

test('the brake leads to the page alone where there is nothing to ask', () => {
  expect(toBrakeAddress('admin', { brake_engaged: true })).toBe('/brake')
  expect(toBrakeAddress('viewer', { brake_engaged: false })).toBe('/brake')
})
