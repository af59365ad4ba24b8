import type { RevisionRow } from '../../ledger/action-rows.ts'

type Deadlines = Pick<RevisionRow, 'execute_within_seconds' | 'hold_seconds' | 'decide_by'>

/** 24 hours, hold included. */
const mostSeconds = 86_400

/** Until when it may be claimed that was authorized at this moment: the time to execute begins when the hold is over. */
export function toExecuteBy(revision: Pick<Deadlines, 'execute_within_seconds' | 'hold_seconds'>, authorizedAt: Date): Date {
  return new Date(authorizedAt.getTime() + Math.min(revision.execute_within_seconds + revision.hold_seconds, mostSeconds) * 1_000)
}

/** As if the last approval came at the last moment: nothing of this revision is claimed later, whenever people decide. */
export function toLatestExecuteBy(revision: Deadlines): Date {
  return toExecuteBy(revision, revision.decide_by)
}
