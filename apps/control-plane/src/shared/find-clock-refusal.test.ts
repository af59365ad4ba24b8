import { describe, expect, it } from 'vitest'
import { findClockRefusal } from './find-clock-refusal.ts'

const noon = new Date('2026-11-22T12:00:00.000Z')
const after = (ms: number) => new Date(noon.getTime() + ms)

describe('findClockRefusal', () => {
  it.each<[string, Date, boolean]>([
    ['at the same moment', noon, false],
    ['a second later', after(1_000), false],
    ['a year later: what is late only expires', after(31_536_000_000), false],
    ['five seconds before, a step of a clock that is kept right', after(-5_000), false],
    ['a millisecond more before', after(-5_001), true],
    ['a day before', after(-86_400_000), true],
  ])('judges a clock %s', (_, now, refused) => {
    expect(findClockRefusal(now, noon) !== null).toBe(refused)
  })

  it('has nothing to compare with in an empty log', () => {
    expect(findClockRefusal(noon, null)).toBeNull()
  })

  it('says both times, until when, what goes on working and the way out', () => {
    const words = findClockRefusal(after(-60_000), noon)
    for (const part of ['2026-11-22T11:59:00.000Z', '2026-11-22T12:00:00.000Z', '2026-11-22T11:59:55.000Z', 'revoking', 'accept-clock'])
      expect(words).toContain(part)
  })
})
