import type { AuditVerdict } from '@autopack/verifier/verify-audit-log'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { formatCount } from '../format-count.ts'

export type VerdictTitle = { mark: 'ok' | 'idle' | 'failed'; title: string }

/** Verified is only what a key signed that the reader gave or this browser saw sign before. */
export function toReceiptTitle(verdict: ReceiptVerdict): VerdictTitle {
  if (!verdict.ok) return { mark: 'failed', title: 'Not verified.' }
  if (verdict.facts.checkpoint.trust !== 'trusted') return { mark: 'idle', title: 'It holds in itself; who signed it is not known.' }
  return { mark: 'ok', title: 'Verified.' }
}

/** Of a log that holds: intact is only what a checkpoint covers. */
export function toLogTitle({ count, checkpoints }: Extract<AuditVerdict, { ok: true }>): VerdictTitle {
  const newest = checkpoints.at(-1)
  if (newest === undefined) return { mark: 'idle', title: 'The chain holds together.' }
  if (newest.trust !== 'trusted') return { mark: 'idle', title: 'It holds together; who signed it is not known.' }
  return { mark: 'ok', title: count > newest.size ? `Intact: the first ${formatCount(newest.size)} of ${formatCount(count)}.` : 'Intact.' }
}
