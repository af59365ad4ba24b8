import type { Freshness } from '../../shared/freshness.ts'
import { formatDuration } from '../../shared/format-duration.ts'
import type { Obstacle } from './find-obstacle.ts'
import type { WaitingRequest } from './request-queries.ts'

type Situation = {
  request: Pick<WaitingRequest, 'state' | 'decide_by' | 'allowed_actions' | 'body_sha256'>
  /** Of the body's bytes, as this browser computed it; null: not yet. */
  hash: string | null
  /** What computes it could not be loaded. */
  unreadable: boolean
  freshness: Freshness
  /** The newest attempt to read the request failed, so it may be other than shown. */
  readFailed: boolean
  nowMs: number
  sending: boolean
}

/** Why nobody may approve at this moment. The server has the last word; this only keeps the button from promising what it cannot do. */
export function findRequestObstacle({ request, hash, unreadable, freshness, readFailed, nowMs, sending }: Situation): Obstacle | null {
  if (request.state !== 'PENDING') return { kind: 'closed', words: 'This is no longer open.' }
  if (nowMs >= Date.parse(request.decide_by)) return { kind: 'over', words: 'The time to decide is over.' }
  const approve = request.allowed_actions.find((item) => item.action === 'approve')
  if (approve === undefined || !approve.allowed) return { kind: 'role', words: approve?.why ?? 'You may not approve this.' }
  if (hash === null)
    return { kind: 'loading', words: unreadable ? 'Off: the body cannot be read here. Rejecting works.' : 'The body is not read yet.' }
  if (hash !== request.body_sha256) return { kind: 'bytes', words: 'The bytes are not what the server says.' }
  if (sending) return { kind: 'sending', words: 'Sending your decision.' }
  if (!freshness.fresh) return { kind: 'stale', words: toStaleWords(freshness) }
  if (readFailed) return { kind: 'stale', words: 'Not read again' }
  return null
}

function toStaleWords({ state, ageMs }: Freshness): string {
  if (state === 'connecting') return 'Connecting'
  return `${state === 'offline' ? 'Offline' : 'Stale'} ${formatDuration(ageMs)}`
}

/** Saying no, or asking for a change, is held back by nothing but the right to do it and a request that is still open. */
export function findRequestRefusalObstacle(request: Pick<WaitingRequest, 'state' | 'allowed_actions'>, act: 'reject' | 'ask_change'): string | null {
  if (request.state !== 'PENDING') return 'This is no longer open.'
  const may = request.allowed_actions.find((item) => item.action === act)
  return may === undefined || !may.allowed ? (may?.why ?? 'You may not do this.') : null
}
