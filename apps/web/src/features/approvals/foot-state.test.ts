import { describe, expect, it } from 'vitest'
import { disarmed, type Arming } from './arming.ts'
import { toFootState } from './foot-state.ts'

const labels = new Map([['/title', 'Title']])
const ready: Arming & { armed: boolean } = {
  ...disarmed,
  key: 'k',
  must_see: ['/price', '/title'],
  seen: ['/price', '/title'],
  attentive: true,
  obstructed: false,
  armed: true,
}
const clear = { approved: null, signs: false, arming: ready, obstacle: null, blind: false, reason: 'fine', labels }

describe('toFootState', () => {
  it('names the next field that has not been on screen', () => {
    expect(toFootState({ ...clear, arming: { ...ready, seen: ['/price'], armed: false } }).words).toBe('1 of 2 must-see fields seen: look at “Title”')
  })

  it('says that a stale stream stops approving, and that rejecting is tried all the same', () => {
    const state = toFootState({ ...clear, obstacle: { kind: 'stale', words: 'Stale 14 s' } })
    expect(state).toEqual({ tone: 'halted', strong: 'Stale 14 s', words: 'approving is off, rejecting is tried' })
  })

  it('asks for the reason only when everything else is done', () => {
    expect(toFootState({ ...clear, reason: ' ' }).words).toBe('Say why, then approve.')
    expect(toFootState({ ...clear, reason: ' ', arming: { ...ready, armed: false } }).words).toBe('A moment.')
  })

  it('says that something changed while it is disarmed by a change', () => {
    expect(toFootState({ ...clear, arming: { ...ready, changed: true, armed: false } }).strong).toBe('Something changed here.')
  })

  it('tells who approved already that somebody else is still missing', () => {
    const state = toFootState({
      ...clear,
      approved: { waitingFor: 'Jonas or Tomás', stuck: false },
      obstacle: { kind: 'role', words: 'You approved this already.' },
    })
    expect(state).toEqual({ tone: 'ok', strong: 'You approved.', words: 'Waiting for Jonas or Tomás.' })
  })

  it('does not tell who approved to wait for people who cannot come', () => {
    const state = toFootState({
      ...clear,
      approved: { waitingFor: 'an approver', stuck: true },
      obstacle: { kind: 'role', words: 'You approved this already.' },
    })
    expect(state.words).toBe('Nobody can complete it as things are: see above.')
  })

  it('says that it signs while the prompt is open, and where a passkey is made when there is none', () => {
    const prompt = toFootState({ ...clear, obstacle: { kind: 'prompt', words: 'Waiting for your passkey.' } })
    expect(prompt).toMatchObject({ strong: 'Waiting for your passkey.', words: 'You sign' })
    expect(toFootState({ ...clear, obstacle: { kind: 'no_passkey', words: 'You have none.' } }).link?.to).toBe('/settings/me')
  })

  it('never reads as understood while blind', () => {
    expect(toFootState({ ...clear, blind: true }).strong).toBe('Blind.')
    expect(toFootState({ ...clear, blind: true, arming: { ...ready, seen: [], armed: false } }).strong).toBe('Blind.')
  })
})
