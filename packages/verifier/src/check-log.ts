import { isAbout } from './check-records.ts'
import type { LogEntry } from './log-entry.ts'
import { readJson } from './read-json.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { Receipt } from './receipt.ts'
import { verifyAuditLog } from './verify-audit-log.ts'
import type { AuditLogOptions } from './verify-audit-log.ts'

/** The lines of the exported log, and whatever it is checked by. */
export type BroughtLog = { lines: AsyncIterable<string> | Iterable<string> } & Omit<AuditLogOptions, 'keys' | 'onEntry'>

/**
 * The log that the reader brought is the one that the checkpoint is about, and holds no event about the action that the receipt lacks, but
 * refusals after its last. Rejects as {@link verifyAuditLog} does.
 */
export async function checkLog(
  receipt: Receipt,
  { about }: Pick<Findings, 'about'>,
  { lines, ...options }: BroughtLog,
): Promise<ReceiptFault | Pick<Findings, 'log'>> {
  const { id } = receipt.action
  const told = new Map(about.map(({ seq, hash }) => [seq, hash]))
  let unknown: number | null = null
  let leftOut: number | null = null
  const onEntry = ({ seq, hash, event }: LogEntry): void => {
    // Canonical text writes an id as it is, so most events need not be read.
    if (leftOut !== null || !event.includes(id)) return
    const read = readJson(event, 64) as Record<string, unknown>
    if (!isAbout(read, id)) return
    if (told.get(seq) !== hash) unknown ??= seq
    if (read['result_status'] !== 'refused') leftOut = unknown
  }
  const checkpoints = [receipt.checkpoint, ...(options.checkpoints ?? [])]
  const verdict = await verifyAuditLog(lines, { ...options, keys: receipt.keys, checkpoints, onEntry })
  if (!verdict.ok) {
    const place = verdict.seq === null ? '' : ` at seq ${verdict.seq}`
    return { where: 'checkpoint', detail: `the log does not hold against it${place}: ${verdict.reason}: ${verdict.detail}` }
  }
  if (leftOut !== null) return { where: 'audit', detail: `entry ${String(leftOut)} of the log is about this action, and the receipt lacks it` }
  return { log: { count: verdict.count, head: verdict.head } }
}
