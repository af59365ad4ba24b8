import { ActionMark } from '../action-mark.tsx'
import { useServerNow } from '../server-clock.ts'
import { StateMark } from '../state-mark.tsx'
import { toLedgerMark, type MarkedAction } from './to-ledger-mark.ts'

/** State of an action with what was read back, the hold, and whom it waits for. `actionable` and `quiet` as in ActionMark. */
export function LedgerMark({ action, actionable, quiet }: { action: MarkedAction; actionable?: boolean; quiet?: boolean }) {
  const mark = toLedgerMark(action, useServerNow())
  if (mark === null) return <ActionMark state={action.state} actionable={actionable} quiet={quiet} />
  return <StateMark kind={mark.kind} label={mark.label} quiet={quiet && mark.ordinary} />
}
