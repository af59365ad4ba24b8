import { expect, test } from 'vitest'
import { isRecentlyShown } from './is-recently-shown.ts'

const session = { authenticated_at: '2026-11-22T13:00:00.000Z' }
const after = (ms: number) => isRecentlyShown(session, Date.parse(session.authenticated_at) + ms)

test('What was shown counts for less than five minutes, so that what is sent in time also arrives in time', () => {
  expect(after(0)).toBe(true)
  expect(after(4 * 60_000)).toBe(true)
  expect(after(5 * 60_000 - 1_000)).toBe(false)
})
