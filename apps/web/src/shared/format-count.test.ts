import { expect, test } from 'vitest'
import { formatTotal } from './format-count.ts'

test('A total that stopped counting says so', () => {
  expect(formatTotal({ count: 9_999, exact: true })).toBe('9,999')
  expect(formatTotal({ count: 10_000, exact: false })).toBe('10,000+')
})
