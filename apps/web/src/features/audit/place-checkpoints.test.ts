import { describe, expect, it } from 'vitest'
import { findSealing, placeCheckpoints } from './place-checkpoints.ts'

const at = (size: number) => ({ size, time: '2026-11-23T10:00:00.000Z' })

describe('placeCheckpoints', () => {
  it('puts each above the newest entry that it covers', () => {
    const lines = placeCheckpoints([9, 8, 7, 6], [at(9), at(7)])
    expect([...lines].map(([place, { checkpoint, more }]) => [place, checkpoint.size, more])).toEqual([
      [0, 9, 0],
      [2, 7, 0],
    ])
  })

  it('counts those that fall into one gap of a filtered list, and shows the newest', () => {
    const lines = placeCheckpoints([90, 10], [at(95), at(70), at(40), at(12), at(3)])
    expect([...lines].map(([place, { checkpoint, more }]) => [place, checkpoint.size, more])).toEqual([
      [0, 95, 0],
      [1, 70, 2],
    ])
  })

  it('draws none below the oldest entry that is shown', () => {
    expect(placeCheckpoints([9], [at(5)]).size).toBe(0)
  })
})

describe('findSealing', () => {
  it('is the first that covers the entry', () => {
    expect(findSealing(7, [at(20), at(9), at(4)])?.size).toBe(9)
    expect(findSealing(21, [at(20)])).toBeUndefined()
  })
})
