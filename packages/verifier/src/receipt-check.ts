import type { BelievedCheckpoint } from './checkpoint.ts'
import type { Descriptor } from './descriptor.ts'
import type { DrawnAction } from './draw-action.ts'
import type { Payload } from './payload.ts'
import type { Receipt, ReceiptEntry, ToldDecision } from './receipt.ts'

/** What is checked, in this order (docs/evidence.md). */
export const receiptReasons = [
  ...(['malformed', 'payload', 'descriptor', 'checkpoint_key', 'entry', 'inclusion', 'record', 'state', 'policy'] as const),
  ...(['enrolment', 'statement', 'signature', 'display', 'quorum', 'execution', 'sent'] as const),
] as const
/** `log`: only where the reader brings the log. */
export type ReceiptReason = (typeof receiptReasons)[number] | 'log'

/** What does not hold: where in the receipt, as a path like `decisions[0].slot`, and why, in a sentence. */
export type ReceiptFault = { where: string; detail: string }

/** An entry of the log whose event was read. */
export type ReadEntry = ReceiptEntry & { read: Record<string, unknown>; where: string }

/** An approval, and where it stands in the receipt. */
export type Approval = ToldDecision & { kind: 'approve'; where: string; seq: number }
/** What the checks before found out; each check may use what those before it left here. */
export type Findings = {
  payload: Payload
  descriptor: Descriptor | null
  checkpoint: BelievedCheckpoint
  entries: readonly ReadEntry[]
  /** Those of them that are about this action. */
  about: readonly ReadEntry[]
  /** In the order of the log. */
  approvals: readonly Approval[]
  /** By record of the receipt, the seq of the event that recorded it. */
  seqs: ReadonlyMap<object, number>
  drawn: DrawnAction
  /** The log that the reader brought; null: none. */
  log: { count: number; head: string } | null
}

export type Check<Needs extends keyof Findings, Finds extends keyof Findings = never> = (
  receipt: Receipt,
  found: Pick<Findings, Needs>,
) => ReceiptFault | Pick<Findings, Finds>

export function isFault(result: object): result is ReceiptFault {
  return 'detail' in result && 'where' in result
}
