import type { Arming } from './arming.ts'
import { listUnseen } from './arming.ts'
import type { Obstacle } from './find-obstacle.ts'
import { findReasonFault, toLengthWords } from '../../shared/reason-fault.ts'

/** What the footer says beside the approve button. `strong` is why it is off, `words` what to do. */
export type FootState = { tone: 'halted' | 'failed' | 'ok' | 'plain'; strong: string | null; words: string; link?: { to: string; words: string } }

type Situation = {
  /** This person approved already; who is still to come, or null. `stuck`: not enough people are there to complete it. */
  approved: { waitingFor: string | null; stuck: boolean } | null
  signs: boolean
  arming: Arming & { armed: boolean }
  obstacle: Obstacle | null
  blind: boolean
  /** As typed; what is wrong with it is said last. */
  reason: string
  labels: Map<string, string>
}

/** One thing at a time, in the order a person can mend them. */
export function toFootState({ approved, signs, arming, obstacle, blind, reason, labels }: Situation): FootState {
  if (approved !== null && obstacle?.kind === 'role') {
    if (approved.stuck) return { tone: 'ok', strong: 'You approved.', words: 'Nobody can complete it as things are: see above.' }
    const words = approved.waitingFor === null ? 'Somebody else has to agree as well.' : `Waiting for ${approved.waitingFor}.`
    return { tone: 'ok', strong: 'You approved.', words }
  }
  if (obstacle !== null) return toObstacleState(obstacle)
  const unseen = listUnseen(arming)
  const total = arming.must_see.length
  if (unseen.length > 0) {
    const seen = `${total - unseen.length} of ${total}`
    const next = labels.get(unseen[0]!) ?? 'what is missing'
    return blind
      ? { tone: 'failed', strong: 'Blind.', words: `${seen} looked at. Next: “${next}”` }
      : { tone: 'plain', strong: null, words: `${seen} must-see fields seen: look at “${next}”` }
  }
  if (!arming.attentive) return { tone: 'plain', strong: null, words: 'This window does not have your attention.' }
  if (!arming.armed)
    return { tone: 'plain', strong: arming.changed ? 'Something changed here.' : null, words: arming.changed ? 'Read it first' : 'A moment.' }
  const fault = findReasonFault(reason)
  if (fault === 'missing')
    return { tone: 'plain', strong: null, words: blind ? 'Say why you accept it.' : signs ? 'Say why, then sign.' : 'Say why, then approve.' }
  if (fault === 'too long') return { tone: 'plain', strong: null, words: toLengthWords(reason) }
  const act = signs ? 'You sign' : 'You approve'
  const all = total === 0 ? act : `${total} of ${total} must-see fields seen. ${act}`
  return blind
    ? { tone: 'failed', strong: 'Blind.', words: `You ${signs ? 'sign' : 'accept'} what nobody can explain` }
    : { tone: 'plain', strong: null, words: all }
}

function toObstacleState(obstacle: Obstacle): FootState {
  if (obstacle.kind === 'stale') return { tone: 'halted', strong: obstacle.words, words: 'approving is off, rejecting is tried' }
  if (obstacle.kind === 'bytes') return { tone: 'failed', strong: obstacle.words, words: 'Approving is off.' }
  if (obstacle.kind === 'over') return { tone: 'plain', strong: obstacle.words, words: 'Nothing will be sent.' }
  if (obstacle.kind === 'prompt') return { tone: 'plain', strong: obstacle.words, words: 'You sign' }
  if (obstacle.kind === 'no_passkey') return { tone: 'plain', strong: null, words: obstacle.words, link: { to: '/settings/me', words: 'Make one' } }
  return { tone: 'plain', strong: null, words: obstacle.words }
}
