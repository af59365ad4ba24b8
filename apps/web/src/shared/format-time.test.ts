import { expect, it } from 'vitest'
import { formatClockWithZone } from './format-time.ts'

const now = new Date(2026, 10, 22, 12, 0).getTime()

it.each([
  ['only the clock today', new Date(2026, 10, 22, 14, 32), /^14:32 \S+$/],
  ['the weekday within six days', new Date(2026, 10, 25, 14, 32), /^Wed 14:32 \S+$/],
  ['the day beyond', new Date(2026, 10, 3, 14, 32), /^3 Nov 14:32 \S+$/],
  ['the year where it is another one', new Date(2036, 10, 3, 14, 32), /^3 Nov 2036 14:32 \S+$/],
])('names %s', (_, at, text) => {
  expect(formatClockWithZone(at.getTime(), now)).toMatch(text)
})
