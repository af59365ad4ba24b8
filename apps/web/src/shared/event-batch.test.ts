import type { Event } from '@autopack/contract/events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createEventBatch } from './event-batch.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function buildEvent(id: number, runId: string, version: number): Event {
  return { id, type: 'run.changed', resource: { kind: 'run', id: runId }, version, at: '2026-11-22T14:00:00.000Z' }
}

test('Fifty events a second reach the page in at most four batches a second', () => {
  const batches: Event[][] = []
  const batch = createEventBatch(250, (events) => batches.push(events))
  for (let n = 0; n < 100; n += 1) {
    batch.add(buildEvent(n + 1, `run-${n}`, 1))
    vi.advanceTimersByTime(20)
  }
  expect(batches.length).toBeLessThanOrEqual(9)
  vi.advanceTimersByTime(250)
  expect(batches.flat()).toHaveLength(100)
})

test('The first event after a pause goes out at once', () => {
  const batches: Event[][] = []
  const batch = createEventBatch(250, (events) => batches.push(events))
  batch.add(buildEvent(1, 'a', 1))
  vi.advanceTimersByTime(0)
  expect(batches).toHaveLength(1)
})

test('Of several changes of one resource only the newest version goes out', () => {
  const batches: Event[][] = []
  const batch = createEventBatch(250, (events) => batches.push(events))
  batch.add(buildEvent(1, 'a', 1))
  batch.add(buildEvent(2, 'a', 3))
  batch.add(buildEvent(3, 'a', 2))
  vi.advanceTimersByTime(0)
  expect(batches).toEqual([[buildEvent(2, 'a', 3)]])
})

test('After stop nothing goes out any more', () => {
  const batches: Event[][] = []
  const batch = createEventBatch(250, (events) => batches.push(events))
  batch.add(buildEvent(1, 'a', 1))
  batch.stop()
  vi.advanceTimersByTime(1_000)
  expect(batches).toEqual([])
})
