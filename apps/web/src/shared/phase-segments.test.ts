import { expect, test } from 'vitest'
import { sumByState } from './phase-segments.tsx'

test('Many phases become one bar: a part for each state that is there, done first, and none is lost', () => {
  const parts = sumByState(['COMPLETE', 'QUEUED', 'FAILED', 'COMPLETE', 'EXECUTING'])
  expect(parts).toEqual([
    { state: 'COMPLETE', share: 2 },
    { state: 'FAILED', share: 1 },
    { state: 'EXECUTING', share: 1 },
    { state: 'QUEUED', share: 1 },
  ])
})
