import type { Transaction } from '@autopack/server-kit/open-database'
import { changeAction } from '../../ledger/action-rows.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import type { SystemPrincipal } from '../../shared/principal.ts'

/** What moves actions on when their time is over; nobody asked for it. */
export const clockPrincipal: SystemPrincipal = { kind: 'system', name: 'clock' }

/** Ends a locked action whose time to be decided, or to be executed, is over. The last thing a transaction does but for a refusal's audit. */
export async function expireAction(
  tx: Transaction,
  action: ActionRow,
  revision: RevisionRow,
  now: Date,
  context: { requestId: string | null },
): Promise<void> {
  const changed = await changeAction(tx, action, { state: 'EXPIRED', at: now })
  const error_summary = action.state === 'PENDING' ? 'Nobody decided in time.' : 'It was approved, but not claimed in time.'
  await recordActionChange(
    tx,
    clockPrincipal,
    changed,
    {
      ...toActionFacts(changed, revision),
      event_type: 'external_action.expired',
      result_status: 'EXPIRED',
      completed_at: now.toISOString(),
      error_summary,
    },
    context,
  )
}
