import { checkCheckpointKey } from './check-checkpoint-key.ts'
import { checkDescriptor } from './check-descriptor.ts'
import { checkDisplay } from './check-display.ts'
import { checkEnrolment } from './check-enrolment.ts'
import { checkEntries } from './check-entries.ts'
import { checkExecution } from './check-execution.ts'
import { checkInclusion } from './check-inclusion.ts'
import { checkLog } from './check-log.ts'
import { checkPayload } from './check-payload.ts'
import { checkPolicy } from './check-policy.ts'
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
import type { AuditLogOptions } from './verify-audit-log.ts'

/** `held`: what was checked before and holds. `where` is a path into the receipt like `decisions[0].slot`, empty for the whole file. */
export type ReceiptVerdict = { ok: true; facts: ReceiptFacts } | ({ ok: false; reason: ReceiptReason; held: readonly ReceiptReason[] } & ReceiptFault)

export type ReceiptOptions = {
  /** Verifier keys that the reader has from somewhere else. */
  trustedKeys: readonly string[]
  /** Rotation notes that the reader has from somewhere else, the oldest first. */
  rotations?: readonly string[] | undefined
  /** The lines of an exported log: every event about the action in it has to be in the receipt. */
  log?: AsyncIterable<string> | Iterable<string> | undefined
  /** Further checkpoints that the log has to hold against. */
  checkpoints?: readonly string[] | undefined
} & Pick<AuditLogOptions, 'onProgress' | 'signal' | 'sha256'>

/**
 * Verifies the receipt of an action, offline (docs/evidence.md): all checks in their order, and the first that does not hold. Where the
 * reader trusts no key, the first of the receipt is believed, and the facts say so: everything holds together then, and who signed it is not
 * known. Rejects with the signal's reason when it is aborted, and with MissingWebCryptoError where no signature can be checked: then nothing is said about the receipt.
 */
export async function verifyReceipt(text: string, options: ReceiptOptions): Promise<ReceiptVerdict> {
  const read = readReceipt(text)
  if (!read.ok) return { ok: false, reason: 'malformed', held: [], where: read.where, detail: read.detail }
  const { receipt } = read
  const found = {} as Findings
  for (const reason of receiptReasons) {
    if (options.signal !== undefined) {
      // Without a pause nobody could stop it.
      await new Promise((resume) => setTimeout(resume, 0))
      options.signal.throwIfAborted()
    }
    const result = await check(reason, receipt, found, options)
    if (isFault(result)) return { ok: false, reason, held: receiptReasons.slice(0, receiptReasons.indexOf(reason)), ...result }
    Object.assign(found, result)
  }
  const { log: lines, rotations = [], ...others } = options
  const rest =
    lines === undefined ? { log: null } : await checkLog(receipt, found, { ...others, lines, rotations: [...receipt.rotations, ...rotations] })
  if (isFault(rest)) return { ok: false, reason: 'log', held: receiptReasons, ...rest }
  Object.assign(found, rest)
  return { ok: true, facts: toFacts(receipt, found) }
}

function check(
  reason: (typeof receiptReasons)[number],
  receipt: Receipt,
  found: Findings,
  { trustedKeys, rotations = [] }: ReceiptOptions,
): Promise<object> | object {
  switch (reason) {
    case 'malformed':
      return {}
    case 'payload':
      return checkPayload(receipt, found)
    case 'descriptor':
      return checkDescriptor(receipt, found)
    case 'checkpoint_key':
      return checkCheckpointKey(receipt, trustedKeys, rotations)
    case 'entry':
      return checkEntries(receipt, found)
    case 'inclusion':
      return checkInclusion(receipt, found)
    case 'record':
      return checkRecords(receipt, found)
    case 'state':
      return checkState(receipt, found)
    case 'policy':
      return checkPolicy(receipt, found)
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
