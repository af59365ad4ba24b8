import { checkCheckpointKey } from './check-checkpoint-key.ts'
import { checkDescriptor } from './check-descriptor.ts'
import { checkDisplay } from './check-display.ts'
import { checkEnrolment } from './check-enrolment.ts'
import { checkEntries } from './check-entries.ts'
import { checkExecution } from './check-execution.ts'
import { checkInclusion } from './check-inclusion.ts'
import { checkPayload } from './check-payload.ts'
import { checkQuorum } from './check-quorum.ts'
import { checkRecords } from './check-records.ts'
import { checkSent } from './check-sent.ts'
import { checkSignatures } from './check-signatures.ts'
import { checkState } from './check-state.ts'
import { checkStatements } from './check-statements.ts'
import { isFault, receiptReasons } from './receipt-check.ts'
import type { Findings, ReceiptFault, ReceiptReason } from './receipt-check.ts'
import { toFacts } from './receipt-facts.ts'
import type { ReceiptFacts } from './receipt-facts.ts'
import { readReceipt } from './receipt.ts'
import type { Receipt } from './receipt.ts'

/** `held`: what was checked before and holds. `where` is a path into the receipt like `decisions[0].slot`, empty for the whole file. */
export type ReceiptVerdict = { ok: true; facts: ReceiptFacts } | ({ ok: false; reason: ReceiptReason; held: readonly ReceiptReason[] } & ReceiptFault)

/**
 * Verifies the receipt of an action, offline (docs/evidence.md): all checks in their order, and the first that does not hold.
 * `trustedKeys` are verifier keys that the reader has from somewhere else; with none, the first key of the receipt is believed, and the
 * facts say so. Rejects with MissingWebCryptoError where no signature can be checked: then nothing is said about the receipt.
 */
export async function verifyReceipt(text: string, options: { trustedKeys: readonly string[] }): Promise<ReceiptVerdict> {
  const read = readReceipt(text)
  if (!read.ok) return { ok: false, reason: 'malformed', held: [], where: read.where, detail: read.detail }
  const { receipt } = read
  const found = {} as Findings
  for (const reason of receiptReasons) {
    const result = await check(reason, receipt, found, options.trustedKeys)
    if (isFault(result)) return { ok: false, reason, held: receiptReasons.slice(0, receiptReasons.indexOf(reason)), ...result }
    Object.assign(found, result)
  }
  return { ok: true, facts: toFacts(receipt, found) }
}

function check(reason: ReceiptReason, receipt: Receipt, found: Findings, trustedKeys: readonly string[]): Promise<object> | object {
  switch (reason) {
    case 'malformed':
      return {}
    case 'payload':
      return checkPayload(receipt, found)
    case 'descriptor':
      return checkDescriptor(receipt, found)
    case 'checkpoint_key':
      return checkCheckpointKey(receipt, trustedKeys)
    case 'entry':
      return checkEntries(receipt, found)
    case 'inclusion':
      return checkInclusion(receipt, found)
    case 'record':
      return checkRecords(receipt, found)
    case 'state':
      return checkState(receipt, found)
    case 'enrolment':
      return checkEnrolment(receipt, found)
    case 'statement':
      return checkStatements(receipt, found)
    case 'signature':
      return checkSignatures(receipt, found)
    case 'display':
      return checkDisplay(receipt, found)
    case 'quorum':
      return checkQuorum(receipt, found)
    case 'execution':
      return checkExecution(receipt, found)
    case 'sent':
      return checkSent(receipt, found)
  }
}
