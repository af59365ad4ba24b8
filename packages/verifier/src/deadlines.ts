import { isMoment } from './moment.ts'
import type { RevisionRecord } from './receipt.ts'

/** Nothing is executed later than this after it was authorized, the hold included. */
const mostSeconds = 86_400

/** Until when it may be claimed that was authorized at this moment, in milliseconds. */
export function executeByMs({ execute_within_seconds, hold_seconds }: RevisionRecord, authorizedAt: string): number {
  return Date.parse(authorizedAt) + Math.min(execute_within_seconds + hold_seconds, mostSeconds) * 1_000
}

/** As if the last approval came at the last moment: what an approval names as the end; null where that is no moment, in the year 10000. */
export function latestExecuteBy(revision: RevisionRecord): string | null {
  const latest = new Date(executeByMs(revision, revision.decide_by)).toISOString()
  return isMoment(latest) ? latest : null
}
