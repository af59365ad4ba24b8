import type { BelievedCheckpoint } from './checkpoint.ts'
import type { DrawnAction } from './draw-action.ts'
import type { Findings } from './receipt-check.ts'
import type { ActionState, Execution, Receipt, Role } from './receipt.ts'

/** What a receipt that verifies says. Texts of people and programs are as they wrote them: write out what hides before showing them. */
export type ReceiptFacts = {
  action_id: string
  state: ActionState
  revision: number
  mode: 'live' | 'dry_run'
  tier: 'A' | 'B' | 'C'
  made_at: string
  payload_hash: string
  /** The payload, drawn again. */
  drawn: DrawnAction
  requested_by: { executor_id: string; name: string }
  started_by: string | null
  proposed_at: string
  /** `policy`: nobody decided. Null: it was never authorized, or nobody claimed it. */
  authorized_by: 'people' | 'policy' | null
  /** Everything that was decided about this revision, in the order of the log. */
  decisions: DecisionFact[]
  /** Null: it was never claimed. */
  execution: Execution | null
  checkpoint: BelievedCheckpoint
  relying_party: { id: string; origin: string }
}

export type DecisionFact = {
  kind: 'approve' | 'reject' | 'ask_change' | 'revoke' | 'veto'
  name: string
  operator_id: string
  role: Role
  decided_at: string
  /** Null while it is sealed. */
  reason: string | null
  field: string | null
  /** Null for the end of an approval, which needs none. */
  strength: 'passkey' | 'password' | 'session' | null
  signed: boolean
  /** They approved what they asked for themselves, as the only approver there is. */
  sole_operator: boolean
}

export function toFacts(receipt: Receipt, { drawn, checkpoint }: Findings): ReceiptFacts {
  const { action, revision, executions } = receipt
  return {
    action_id: action.id,
    state: action.state,
    revision: action.revision,
    mode: revision.mode,
    tier: revision.tier,
    made_at: receipt.made_at,
    payload_hash: revision.payload_hash,
    drawn,
    requested_by: revision.requested_by,
    started_by: revision.started_by,
    proposed_at: revision.created_at,
    authorized_by: executions[0]?.claim.authorized_by ?? null,
    decisions: receipt.decisions.map(toDecisionFact),
    execution: executions[0] ?? null,
    checkpoint,
    relying_party: receipt.relying_party,
  }
}

function toDecisionFact(decision: Receipt['decisions'][number]): DecisionFact {
  const { kind, name, operator_id, operator_role, decided_at, reason } = decision
  const common = { kind, name, operator_id, role: operator_role, decided_at, reason }
  if (decision.record === 'revocation') return { ...common, field: null, strength: null, signed: false, sole_operator: false }
  return {
    ...common,
    field: decision.field,
    strength: decision.strength,
    signed: decision.signature !== null,
    sole_operator: decision.sole_operator,
  }
}
