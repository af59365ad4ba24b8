import { expect, it } from 'vitest'
import { findQueuePlace } from './find-queue-place.ts'

it('knows the neighbours of an action that waits', () => {
  expect(findQueuePlace(['a', 'b', 'c'], 'b')).toEqual({ place: 2, count: 3, previous: '/approvals/a', next: '/approvals/c' })
  expect(findQueuePlace(['a'], 'a')).toEqual({ place: 1, count: 1, previous: null, next: null })
})

it('offers the first that waits after an action has left the queue', () => {
  expect(findQueuePlace(['a', 'b'], 'x')).toEqual({ place: 0, count: 2, previous: null, next: '/approvals/a' })
  expect(findQueuePlace([], 'x').next).toBeNull()
})
