import { expect, test } from 'vitest'
import { sumByState, toMarks } from './phase-segments.tsx'

test('Many phases become one bar: a part for each state that is there, done first, and none is lost', () => {
  const parts = sumByState(['COMPLETE', 'QUEUED', 'FAILED', 'COMPLETE', 'EXECUTING'])
  expect(parts).toEqual([
    { state: 'COMPLETE', share: 2 },
    { state: 'FAILED', share: 1 },
    { state: 'EXECUTING', share: 1 },
    { state: 'QUEUED', share: 1 },
  ])
})

test('A run with more phases than the answer names is drawn from its counts, not from the phases that are named', () => {
  const named = Array.from({ length: 60 }, () => 'COMPLETE' as const)
  expect(toMarks(named, { done: 90, failed: 2, total: 318 })).toEqual([
    { state: 'COMPLETE', share: 90 },
    { state: 'FAILED', share: 2 },
    { state: 'QUEUED', share: 226 },
  ])
})

test('A run whose phases are all named and fit is drawn phase by phase', () => {
  expect(toMarks(['COMPLETE', 'EXECUTING'], { done: 1, failed: 0, total: 2 })).toEqual([
    { state: 'COMPLETE', share: 1 },
    { state: 'EXECUTING', share: 1 },
  ])
})
