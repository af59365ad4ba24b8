/**
 * When the approve button may be pressed: about a second after the page is visible and focused, nothing stands in the way and everything
 * that must be seen has been on screen. Any change starts over. Pure, so that the rule can be read and tested without a browser.
 */

export const armAfterMs = 1_000
/** After a change under somebody's eyes: long enough to notice that it is another thing now. */
export const rearmAfterMs = 3_000

export type Arming = {
  /** Names everything the person has in front of them; another key is another thing to decide. */
  key: string
  /** The bytes: while they stay the same, what was seen stays seen. */
  bytes_key: string
  must_see: readonly string[]
  seen: readonly string[]
  attentive: boolean
  obstructed: boolean
  /** The thing changed after it was first shown. */
  changed: boolean
  /** Monotonic milliseconds since when every condition has held; null while one does not. */
  ready_since: number | null
}

export type ArmingEvent =
  | { type: 'shown'; key: string; bytes_key: string; must_see: readonly string[]; at: number }
  | { type: 'seen'; pointer: string; at: number }
  /** A person took back that they looked. */
  | { type: 'unseen'; pointer: string; at: number }
  | { type: 'attention'; attentive: boolean; at: number }
  | { type: 'obstacle'; obstructed: boolean; at: number }

export const disarmed: Arming = {
  key: '',
  bytes_key: '',
  must_see: [],
  seen: [],
  attentive: false,
  obstructed: true,
  changed: false,
  ready_since: null,
}

export function arming(state: Arming, event: ArmingEvent): Arming {
  switch (event.type) {
    case 'shown': {
      if (event.key === state.key) return state
      const first = state.key === ''
      const seen = event.bytes_key === state.bytes_key ? state.seen : []
      const next = { ...state, key: event.key, bytes_key: event.bytes_key, must_see: event.must_see, seen, changed: !first, ready_since: null }
      return settle(next, event.at)
    }
    case 'seen': {
      if (state.seen.includes(event.pointer)) return state
      return settle({ ...state, seen: [...state.seen, event.pointer] }, event.at)
    }
    case 'unseen':
      return settle({ ...state, seen: state.seen.filter((pointer) => pointer !== event.pointer) }, event.at)
    case 'attention':
      return event.attentive === state.attentive ? state : settle({ ...state, attentive: event.attentive }, event.at)
    case 'obstacle':
      return event.obstructed === state.obstructed ? state : settle({ ...state, obstructed: event.obstructed }, event.at)
  }
}

function settle(state: Arming, at: number): Arming {
  const ready = state.key !== '' && state.attentive && !state.obstructed && listUnseen(state).length === 0
  return { ...state, ready_since: ready ? (state.ready_since ?? at) : null }
}

export function listUnseen(state: Arming): string[] {
  return state.must_see.filter((pointer) => !state.seen.includes(pointer))
}

/** The moment from which the button is armed, in the same monotonic milliseconds; null when something is still missing. */
export function findArmedAt(state: Arming): number | null {
  if (state.ready_since === null) return null
  return state.ready_since + (state.changed ? rearmAfterMs : armAfterMs)
}

export function isArmed(state: Arming, at: number): boolean {
  const armedAt = findArmedAt(state)
  return armedAt !== null && at >= armedAt
}
