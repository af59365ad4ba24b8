import type { Transaction } from '@autopack/server-kit/open-database'
import type { RequestRow } from '../../db/request-tables.ts'
import type { SystemPrincipal } from '../../shared/principal.ts'
import { recordRequestChange } from './record-request-change.ts'
import { changeRequest } from './request-rows.ts'

/** What moves requests on when their time is over; nobody asked for it. */
const clockPrincipal: SystemPrincipal = { kind: 'system', name: 'clock' }

/** Ends a locked request that nobody decided in time. The last thing a transaction does but for a refusal's audit. */
export async function expireRequest(tx: Transaction, request: RequestRow, now: Date, context: { requestId: string | null }): Promise<void> {
  const changed = await changeRequest(tx, request, 'EXPIRED', now)
  const facts = { did: 'expired' as const, result_status: 'EXPIRED', completed_at: now.toISOString(), error_summary: 'Nobody decided in time.' }
  await recordRequestChange(tx, clockPrincipal, changed, facts, context)
}
