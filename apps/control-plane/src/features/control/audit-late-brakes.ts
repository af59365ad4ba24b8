import { recordLateBrakes } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { hasLateBrakes } from '../../ledger/control-rows.ts'

/**
 * Brakes that were engaged while the audit log could not be written go into it as soon as it can be, also when nobody else writes
 * (I-19). Returns how many; throws `audit_unavailable` while it still cannot.
 */
export async function auditLateBrakes(deps: Pick<Deps, 'db'>): Promise<number> {
  if (!(await hasLateBrakes(deps.db))) return 0
  return deps.db.transaction((tx) => recordLateBrakes(tx))
}
