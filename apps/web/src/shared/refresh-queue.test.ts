import type { QueryKey } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRefreshQueue } from './refresh-queue.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('One key is refreshed at once, then at most once a second, and never misses the last event', () => {
  const refreshed: QueryKey[] = []
  const refresh = createRefreshQueue(1_000, (key) => refreshed.push(key))
  for (let n = 0; n < 10; n += 1) {
    refresh([['runs', 'list']])
    vi.advanceTimersByTime(100)
  }
  expect(refreshed).toHaveLength(2)
  vi.advanceTimersByTime(1_000)
  expect(refreshed).toHaveLength(2)
  refresh([['runs', 'list']])
  expect(refreshed).toHaveLength(3)
})

test('Different keys do not wait for each other, and one batch refreshes a key once', () => {
  const refreshed: QueryKey[] = []
  const refresh = createRefreshQueue(1_000, (key) => refreshed.push(key))
  refresh([['a'], ['b'], ['a']])
  vi.advanceTimersByTime(2_000)
  expect(refreshed).toEqual([['a'], ['b']])
})
