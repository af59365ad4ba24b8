import { toDescriptorReference } from '../../ledger/to-execution.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'
import type { ActFacts } from '../../shared/verify-signed-act.ts'
import { toLatestExecuteBy } from './execute-by.ts'

/** What an approval of this revision by this person says, from our own rows and from what the stored bytes are drawn as. */
export function toApprovalFacts(
  action: Pick<ActionRow, 'action_id' | 'executor_id'> & { executor_name: string },
  revision: RevisionRow,
  known: { payload_hash: string; display_sha256: string; operator_id: string },
): ActFacts {
  return {
    purpose: 'approve',
    approval: {
      action: { id: action.action_id, revision: revision.revision, payload_hash: known.payload_hash },
      descriptor: toDescriptorReference(revision),
      display_sha256: known.display_sha256,
      mode: revision.mode,
      approver: { sub: known.operator_id },
      requested_by: { executor_id: action.executor_id, name: action.executor_name },
      decide_by: revision.decide_by.toISOString(),
      execute_by: toLatestExecuteBy(revision).toISOString(),
    },
  }
}
