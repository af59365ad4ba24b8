import type { RequestState } from '@autopack/contract/requests'
import { StateMark, type MarkKind } from './state-mark.tsx'

const words: Record<RequestState, { kind: MarkKind; label: string; ordinary?: true }> = {
  PENDING: { kind: 'waiting', label: 'Waiting for a person' },
  APPROVED: { kind: 'ok', label: 'Approved', ordinary: true },
  REJECTED: { kind: 'halted', label: 'Rejected' },
  CHANGE_ASKED: { kind: 'idle', label: 'Change asked for', ordinary: true },
  EXPIRED: { kind: 'expired', label: 'Expired', ordinary: true },
}

/** State of an approval or governance request. `quiet`: lists, where only exceptions speak. */
export function RequestMark({ state, quiet }: { state: RequestState; quiet?: boolean }) {
  const { kind, label, ordinary } = words[state]
  return <StateMark kind={kind} label={label} quiet={quiet && ordinary} />
}
