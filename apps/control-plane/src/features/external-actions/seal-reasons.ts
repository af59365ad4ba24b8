import type { DecisionRow } from '../../ledger/action-rows.ts'

export type SealFacts = {
  /** Null: the executor, behind whose key anybody may stand. */
  reader_id: string | null
  action: { state: string; revision: number }
  /** The most approvals that any revision takes: whoever edits must not choose that one is enough to read what was said about the last. */
  largest_quorum: number
  /** Of all revisions. */
  decisions: readonly DecisionRow[]
}

/**
 * The decisions whose words somebody must not read yet: while more than one person has to approve, nobody but their author and whoever
 * approved the revision in force finds an approval with its reason, whichever revision it is about, so that the second opinion is one of
 * its own. Who cannot decide finds none either: they could hand the words on, or be made an approver.
 */
export function listSealed({ reader_id, action, largest_quorum, decisions }: SealFacts): ReadonlySet<string> {
  if (action.state !== 'PENDING' || largest_quorum < 2) return new Set()
  const approvals = decisions.filter(({ kind }) => kind === 'approve')
  const own = approvals.filter(({ operator_id }) => operator_id === reader_id)
  if (own.some(({ revision }) => revision === action.revision)) return new Set()
  return new Set(approvals.filter((decision) => !own.includes(decision)).map(({ decision_id }) => decision_id))
}
