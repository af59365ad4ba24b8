import type { AuditLate } from '@autopack/contract/checkpoints'
import type { Queryable } from '@autopack/server-kit/open-database'
import type { Settings } from '../environment.ts'
import { findAuditLateness } from './checkpoint-rows.ts'

/** Whether the log should be signed by now and is not; null, too, where no checkpoint writer is configured, as while somebody develops. */
export async function findLateness(db: Queryable, { checkpoints }: Pick<Settings, 'checkpoints'>): Promise<AuditLate | null> {
  if (checkpoints.keys.length === 0 || checkpoints.apiKey === null) return null
  return findAuditLateness(db)
}
