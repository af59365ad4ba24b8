import { describe, expect, it } from 'vitest'
import { formatHoldClock } from './format-hold-clock.ts'

describe('formatHoldClock', () => {
  it('counts minutes and seconds, and hours where there are any', () => {
    expect(formatHoldClock(42_000)).toBe('0:42')
    expect(formatHoldClock(600_000)).toBe('10:00')
    expect(formatHoldClock(39_920_000)).toBe('11:05:20')
  })

  it('never shows a hold as over while some of it is left', () => {
    expect(formatHoldClock(1)).toBe('0:01')
    expect(formatHoldClock(0)).toBeNull()
    expect(formatHoldClock(-5_000)).toBeNull()
  })
})
