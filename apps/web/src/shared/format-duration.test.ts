import { expect, test } from 'vitest'
import { formatDuration, formatExactDuration } from './format-duration.ts'

test.each([
  [-5, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [7_860_000, '2 h 11 min'],
  [100_800_000, '1 d 4 h'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

test.each([
  [0, '0 s'],
  [0.2, '1 ms'],
  [45, '45 ms'],
  [100, '0.1 s'],
  [412, '0.4 s'],
  [9_949, '9.9 s'],
  [9_999, '9.9 s'],
  [10_000, '10 s'],
  [132_000, '2 min 12 s'],
  [120_000, '2 min'],
  [7_860_000, '2 h 11 min'],
])('Exactly, %d ms is %s', (ms, text) => {
  expect(formatExactDuration(ms)).toBe(text)
})
