import { expect, test } from 'vitest'
import { findReasonFault, toLengthWords } from './reason-fault.ts'

test('a reason of blanks is missing, one over the limit is too long, and neither is cut', () => {
  expect(findReasonFault(' \n')).toBe('missing')
  expect(findReasonFault('x'.repeat(2_000))).toBeNull()
  expect(findReasonFault(` ${'x'.repeat(2_000)} `)).toBeNull()
  expect(findReasonFault('x'.repeat(2_001))).toBe('too long')
  expect(toLengthWords('x'.repeat(2_340))).toBe('2,340 of 2,000 characters: shorten it')
})
