import type { ActionState } from '@autopack/contract/external-actions'
import { StateMark, type MarkKind } from './state-mark.tsx'

const words: Record<ActionState, { kind: MarkKind; label: string; ordinary?: true }> = {
  PENDING: { kind: 'waiting', label: 'Waiting for a person' },
  APPROVED: { kind: 'idle', label: 'Approved, not taken yet', ordinary: true },
  EXECUTING: { kind: 'running', label: 'Executing', ordinary: true },
  COMPLETED: { kind: 'ok', label: 'Done', ordinary: true },
  FAILED: { kind: 'failed', label: 'Failed' },
  UNKNOWN: { kind: 'unknown', label: 'Unknown' },
  SIMULATED: { kind: 'simulated', label: 'Simulated', ordinary: true },
  REJECTED: { kind: 'halted', label: 'Rejected' },
  REVOKED: { kind: 'halted', label: 'Revoked' },
  EXPIRED: { kind: 'expired', label: 'Expired', ordinary: true },
  CANCELLED: { kind: 'superseded', label: 'Withdrawn', ordinary: true },
}

/** State of an external action. `actionable`: this very person may decide it. `quiet`: lists, where only exceptions speak. */
export function ActionMark({ state, actionable, quiet }: { state: ActionState; actionable?: boolean; quiet?: boolean }) {
  if (state === 'PENDING' && actionable) return <StateMark kind="needs" label="Needs you" />
  const { kind, label, ordinary } = words[state]
  return <StateMark kind={kind} label={label} quiet={quiet && ordinary} />
}
