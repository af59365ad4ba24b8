import { describe, expect, it } from 'vitest'
import { formatTimeLeft, toDeadlineAnnouncement } from './format-time-left.ts'

const minute = 60_000

describe('formatTimeLeft', () => {
  it.each([
    [1, '1 s'],
    [9_400, '10 s'],
    [59_000, '59 s'],
    [61_000, '1 min 1 s'],
    [18 * minute, '18 min'],
    [190 * minute, '3 h 10 min'],
    [26 * 60 * minute, '1 d 2 h'],
  ])('writes %i ms as %s', (leftMs, text) => {
    expect(formatTimeLeft(leftMs)).toBe(text)
  })

  it.each([0, -1, -1e9])('has nothing left at %i ms', (leftMs) => {
    expect(formatTimeLeft(leftMs)).toBeNull()
  })
})

describe('toDeadlineAnnouncement', () => {
  it('says the same thing all the time between two marks, so that it is read once', () => {
    const texts = new Set<string>()
    for (let leftMs = 120 * minute; leftMs >= 0; leftMs -= 1_000) texts.add(toDeadlineAnnouncement(leftMs))
    expect([...texts]).toEqual([
      '',
      'Less than 60 minutes left to decide.',
      'Less than 30 minutes left to decide.',
      'Less than 10 minutes left to decide.',
      'Less than 5 minutes left to decide.',
      'Less than 1 minute left to decide.',
      'The time to decide is over.',
    ])
  })
})
