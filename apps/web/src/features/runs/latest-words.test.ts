import { expect, test } from 'vitest'
import { toLatestWords } from './latest-words.ts'

const open = {
  started_at: '2026-11-22T13:00:00.000Z',
  failure_reason: null,
  completed_at: null,
  heartbeat_note: null,
  current_phase_name: 'Write titles',
}
const ended = '2026-11-22T14:00:00.000Z'

test('A run that runs says its last note, or else the phase it is in', () => {
  expect(toLatestWords({ ...open, heartbeat_note: 'IMG_4471.tif' })).toBe('IMG_4471.tif')
  expect(toLatestWords(open)).toBe('Write titles')
})

test('A failed run says why, and a run that is done says nothing of what it once did', () => {
  expect(toLatestWords({ ...open, completed_at: ended, failure_reason: 'disk full', heartbeat_note: 'IMG_4471.tif' })).toBe('disk full')
  expect(toLatestWords({ ...open, completed_at: ended, heartbeat_note: 'IMG_4471.tif' })).toBeNull()
})

test('A run that has not begun is in no phase yet', () => {
  expect(toLatestWords({ ...open, started_at: null })).toBeNull()
})
