import type { AuditStopped } from '@autopack/contract/checkpoints'
import type { Database } from '@autopack/server-kit/open-database'
import type { SystemPrincipal } from '../shared/principal.ts'
import { listLateBrakes, lockAuditHead } from './append-rows.ts'
import { findAuditStop, insertRestore } from './checkpoint-rows.ts'
import { recordAudit } from './record-audit.ts'

const principal: SystemPrincipal = { kind: 'system', name: 'accept-restore' }

/**
 * Goes on with the log as it is, although a signed checkpoint says that it was longer, or other: those checkpoints are given up, and the log's
 * next entry, `audit.restored`, says so, with the last of them and the reason. Answers with what had stopped it; null: nothing had, and nothing is
 * written. For whoever runs the deployment; no route does it. Throws as recordAudit does.
 */
export async function acceptRestore(db: Database, reason: string): Promise<AuditStopped | null> {
  return db.transaction(async (tx) => {
    const head = await lockAuditHead(tx)
    const stopped = await findAuditStop(tx)
    if (stopped === null) return null
    // Brakes that were engaged meanwhile come into the log first.
    await insertRestore(tx, head.seq + (await listLateBrakes(tx)).length + 1)
    const { size, head: signedHead, time, key_id } = stopped.checkpoint
    const summary = `Given up: the checkpoint of size ${size} with head ${signedHead}, signed at ${time} by key ${key_id}. The log goes on from size ${stopped.log_size}.`
    await recordAudit(tx, principal, { event_type: 'audit.restored', result_status: 'ok', payload_summary: summary, reason }, { requestId: null })
    return stopped
  })
}
