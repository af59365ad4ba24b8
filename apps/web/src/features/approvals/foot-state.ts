import type { Arming } from './arming.ts'
import { listUnseen } from './arming.ts'
import type { Obstacle } from './find-obstacle.ts'
import { findReasonFault, toLengthWords } from '../../shared/reason-fault.ts'

/** What the footer says beside the approve button. `strong` is why it is off, `words` what to do. */
export type FootState = { tone: 'halted' | 'failed' | 'ok' | 'plain'; strong: string | null; words: string }

type Situation = {
  /** This person approved already and others are still to come. */
  approved: boolean
  arming: Arming & { armed: boolean }
  obstacle: Obstacle | null
  blind: boolean
  /** As typed; what is wrong with it is said last. */
  reason: string
  labels: Map<string, string>
}

/** One thing at a time, in the order a person can mend them. */
export function toFootState({ approved, arming, obstacle, blind, reason, labels }: Situation): FootState {
  if (approved && obstacle?.kind === 'role') return { tone: 'ok', strong: 'You approved.', words: 'Somebody else has to agree as well.' }
  if (obstacle !== null) return toObstacleState(obstacle)
  const unseen = listUnseen(arming)
  const total = arming.must_see.length
  if (unseen.length > 0) {
    const seen = `${total - unseen.length} of ${total}`
    const next = labels.get(unseen[0]!) ?? 'what is missing'
    return blind
      ? { tone: 'failed', strong: 'Blind.', words: `${seen} looked at. Next: ${next}` }
      : { tone: 'plain', strong: null, words: `${seen} must-see fields seen: look at ${next}` }
  }
  if (!arming.attentive) return { tone: 'plain', strong: null, words: 'This window does not have your attention.' }
  if (!arming.armed)
    return { tone: 'plain', strong: arming.changed ? 'Something changed here.' : null, words: arming.changed ? 'Read it first' : 'A moment.' }
  const fault = findReasonFault(reason)
  if (fault === 'missing') return { tone: 'plain', strong: null, words: blind ? 'Say why you accept it.' : 'Say why, then approve.' }
  if (fault === 'too long') return { tone: 'plain', strong: null, words: toLengthWords(reason) }
  const all = total === 0 ? 'You approve' : `${total} of ${total} must-see fields seen. You approve`
  return blind ? { tone: 'failed', strong: 'Blind.', words: 'You accept what nobody can explain' } : { tone: 'plain', strong: null, words: all }
}

function toObstacleState(obstacle: Obstacle): FootState {
  if (obstacle.kind === 'stale') return { tone: 'halted', strong: obstacle.words, words: 'approving is off, rejecting is tried' }
  if (obstacle.kind === 'bytes') return { tone: 'failed', strong: obstacle.words, words: 'Approving is off.' }
  if (obstacle.kind === 'over') return { tone: 'plain', strong: obstacle.words, words: 'Nothing will be sent.' }
  return { tone: 'plain', strong: null, words: obstacle.words }
}
