import type { BelievedCheckpoint } from './checkpoint.ts'
import type { DrawnAction } from './draw-action.ts'
import type { Findings } from './receipt-check.ts'
import type { ActionState, Execution, PasskeyRecord, Receipt, RelyingParty, Role } from './receipt.ts'

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
  /**
   * The last event about the action that is no refusal: `no` counts them. Everything up to it is in the receipt; whether something came later,
   * also below the checkpoint's size, only the log can show.
   */
  complete_until: { seq: number; no: number; event_type: string }
  /** The log that the reader brought, in which no later event about the action is but refusals; null: none was brought. */
  log: { count: number; head: string } | null
  /** Null: nobody signed. */
  relying_party: RelyingParty | null
}

export type DecisionFact = {
  kind: 'approve' | 'reject' | 'ask_change' | 'revoke' | 'veto'
  name: string
  operator_id: string
  role: Role
  decided_at: string
  reason: string
  field: string | null
  /** Null for the end of an approval, which needs none. */
  strength: 'passkey' | 'password' | 'session' | null
  signed: boolean
  /** What signed it. `endorsed_by` null: the first passkey of theirs, or the first after a reset: that it is theirs is the console's word. */
  passkey: { credential_id: string; endorsed_by: string | null } | null
  /** They approved what they asked for themselves, as the only approver there is. */
  sole_operator: boolean
}

export function toFacts(receipt: Receipt, { drawn, checkpoint, about, log }: Findings): ReceiptFacts {
  const last = about.findLast(({ read }) => read['result_status'] !== 'refused')!
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
    decisions: receipt.decisions.map((decision) => toDecisionFact(decision, receipt.passkeys)),
    execution: executions[0] ?? null,
    checkpoint,
    complete_until: { seq: last.seq, no: about.indexOf(last) + 1, event_type: String(last.read['event_type']) },
    log,
    relying_party: receipt.passkeys[0]?.relying_party ?? null,
  }
}

function toDecisionFact(decision: Receipt['decisions'][number], passkeys: readonly PasskeyRecord[]): DecisionFact {
  const { kind, name, operator_id, operator_role, decided_at, reason } = decision
  const common = { kind, name, operator_id, role: operator_role, decided_at, reason }
  if (decision.record === 'revocation') return { ...common, field: null, strength: null, signed: false, passkey: null, sole_operator: false }
  const passkey = passkeys.find(({ credential_id }) => credential_id === decision.signature?.credential_id)
  return {
    ...common,
    field: decision.field,
    strength: decision.strength,
    signed: decision.signature !== null,
    passkey: passkey === undefined ? null : { credential_id: passkey.credential_id, endorsed_by: passkey.endorsement?.credential_id ?? null },
    sole_operator: decision.sole_operator,
  }
}
