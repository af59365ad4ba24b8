import type { Transaction } from '@autopack/server-kit/open-database'
import { changeAction, insertAuthorization } from '../../ledger/action-rows.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'

/**
 * Approves a revision that its grant covers: tier A or B, explained, within its bounds (the database refuses tier C and what is blind).
 * Nobody is named as having approved it. Returns the action as it is then.
 */
export async function authorizeByPolicy(tx: Transaction, action: ActionRow, revision: RevisionRow, now: Date): Promise<ActionRow> {
  await insertAuthorization(tx, {
    action_id: action.action_id,
    revision: revision.revision,
    payload_sha256: revision.payload_sha256,
    kind: 'policy',
    authorized_at: now,
    execute_by: new Date(now.getTime() + revision.execute_within_seconds * 1_000),
  })
  return changeAction(tx, action, { state: 'APPROVED', at: now })
}

/** What the audit log says of an authorization without people: when, by which grant, and nobody in `approved_by`. */
export function toGrantFacts(revision: RevisionRow, authorizedAt: Date): { approved_at: string; reason: string } {
  const reason = `Authorized by the grant of ${revision.descriptor_id}@${revision.descriptor_version}; nobody decided.`
  return { approved_at: authorizedAt.toISOString(), reason }
}
