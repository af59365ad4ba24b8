import { describe, expect, it } from 'vitest'
import { armAfterMs, arming, disarmed, findArmedAt, isArmed, listUnseen, rearmAfterMs, type Arming, type ArmingEvent } from './arming.ts'

const shown: ArmingEvent = { type: 'shown', key: 'r1', bytes_key: 'b1', must_see: ['/title', '/price'], at: 0 }
const ready: ArmingEvent[] = [
  shown,
  { type: 'seen', pointer: '/title', at: 10 },
  { type: 'seen', pointer: '/price', at: 20 },
  { type: 'obstacle', obstructed: false, at: 30 },
  { type: 'attention', attentive: true, at: 40 },
]

function play(events: ArmingEvent[], from: Arming = disarmed): Arming {
  return events.reduce(arming, from)
}

describe('arming', () => {
  it('arms a second after the last condition holds, and not a moment earlier', () => {
    const state = play(ready)
    expect(isArmed(state, 40 + armAfterMs - 1)).toBe(false)
    expect(isArmed(state, 40 + armAfterMs)).toBe(true)
  })

  it.each(ready.map((_, place) => place))('never arms when condition %i is missing', (place) => {
    const state = play(ready.filter((_, other) => other !== place))
    expect(findArmedAt(state)).toBeNull()
    expect(isArmed(state, 1e9)).toBe(false)
  })

  it('is never armed before anything is shown', () => {
    expect(isArmed(disarmed, 1e9)).toBe(false)
  })

  it.each<ArmingEvent>([
    { type: 'attention', attentive: false, at: 5_000 },
    { type: 'obstacle', obstructed: true, at: 5_000 },
    { type: 'unseen', pointer: '/price', at: 5_000 },
    { type: 'shown', key: 'r1 with a finding', bytes_key: 'b1', must_see: ['/title', '/price', 'finding:new'], at: 5_000 },
  ])('is disarmed at once by %o', (event) => {
    expect(isArmed(play([...ready, event]), 1e9)).toBe(false)
  })

  it('starts the second over when attention comes back', () => {
    const state = play([...ready, { type: 'attention', attentive: false, at: 5_000 }, { type: 'attention', attentive: true, at: 6_000 }])
    expect(isArmed(state, 6_999)).toBe(false)
    expect(isArmed(state, 7_000)).toBe(true)
  })

  it('takes longer after a change of the same bytes, and keeps what was seen', () => {
    const state = play([...ready, { type: 'shown', key: 'r1, other version', bytes_key: 'b1', must_see: ['/title', '/price'], at: 5_000 }])
    expect(listUnseen(state)).toEqual([])
    expect(isArmed(state, 5_000 + rearmAfterMs - 1)).toBe(false)
    expect(isArmed(state, 5_000 + rearmAfterMs)).toBe(true)
  })

  it('forgets what was seen when the bytes are others', () => {
    const state = play([...ready, { type: 'shown', key: 'r2', bytes_key: 'b2', must_see: ['/title', '/price'], at: 5_000 }])
    expect(listUnseen(state)).toEqual(['/title', '/price'])
  })

  it('does not start over when the same thing is shown or seen again', () => {
    const state = play([...ready, { ...shown, at: 500 }, { type: 'seen', pointer: '/title', at: 600 }])
    expect(findArmedAt(state)).toBe(40 + armAfterMs)
  })
})
