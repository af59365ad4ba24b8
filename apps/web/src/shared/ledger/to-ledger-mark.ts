import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import type { MarkKind } from '../state-mark.tsx'
import { formatHoldClock } from './format-hold-clock.ts'

/** What a mark needs of an action. */
export type MarkedAction = Pick<ExternalActionSummary, 'state' | 'observed' | 'not_before' | 'change_requested' | 'decide_by' | 'decided_as'>
type LedgerMark = { kind: MarkKind; label: string; ordinary: boolean }

/** Where the ledger knows more than the state says; null: the state says it all. */
export function toLedgerMark(action: MarkedAction, nowMs: number): LedgerMark | null {
  if (action.state === 'PENDING' && nowMs >= Date.parse(action.decide_by)) return { kind: 'expired', label: 'Time is over', ordinary: true }
  if (action.state === 'PENDING' && action.change_requested) return { kind: 'idle', label: 'Back at its executor', ordinary: true }
  if (action.state === 'APPROVED' && action.not_before !== null) {
    const left = formatHoldClock(Date.parse(action.not_before) - nowMs)
    return left === null ? null : { kind: 'hold', label: `Hold ${left}`, ordinary: false }
  }
  if (action.state === 'REVOKED' && action.decided_as === 'veto') return { kind: 'halted', label: 'Vetoed', ordinary: false }
  if (action.state !== 'COMPLETED') return null
  if (action.observed === 'verified') return { kind: 'ok', label: 'Verified', ordinary: true }
  if (action.observed === 'drifted') return { kind: 'halted', label: 'Drifted', ordinary: false }
  return action.observed === 'cannot_verify' ? { kind: 'expired', label: 'Cannot verify', ordinary: true } : null
}
