import type { Database } from '@autopack/server-kit/open-database'
import type { SystemPrincipal } from '../shared/principal.ts'
import { recordAudit } from './record-audit.ts'

const principal: SystemPrincipal = { kind: 'system', name: 'accept-clock' }

/**
 * Takes the clock of the database as right, from now on, although the audit log has a later entry: its own entry, `clock.accepted`, is
 * what sets the latest moment back (a trigger). For whoever runs the deployment; no route does it. Throws as recordAudit does.
 */
export async function acceptClock(db: Database, reason: string): Promise<void> {
  await db.transaction((tx) => recordAudit(tx, principal, { event_type: 'clock.accepted', result_status: 'ok', reason }, { requestId: null }))
}
