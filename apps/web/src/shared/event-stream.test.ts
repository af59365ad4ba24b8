import { expect, test } from 'vitest'
import { backOffMs } from './event-stream.ts'

test('The delay doubles from half a second to at most thirty, and jitter spreads it over half of that', () => {
  expect(backOffMs(1, 0)).toBe(500)
  expect(backOffMs(1, 1)).toBe(1_000)
  expect(backOffMs(4, 0)).toBe(4_000)
  expect(backOffMs(60, 0)).toBe(15_000)
  expect(backOffMs(60, 1)).toBe(30_000)
})
