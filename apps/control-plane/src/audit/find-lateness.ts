import type { AuditLate } from '@autopack/contract/checkpoints'
import type { Deps } from '../deps.ts'
import { findAuditLateness } from './checkpoint-rows.ts'

/** Whether the log should be signed by now and is not; null, too, where no checkpoint writer is configured, as while somebody develops. */
export async function findLateness({ db, settings: { checkpoints }, now }: Pick<Deps, 'db' | 'settings' | 'now'>): Promise<AuditLate | null> {
  if (checkpoints.keys.length === 0 || checkpoints.apiKey === null) return null
  return findAuditLateness(db, now)
}
