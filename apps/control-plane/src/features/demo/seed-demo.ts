import { scopes } from '@autopack/contract/scopes'
import { readExecutorKey } from '@autopack/server-kit/executor-key'
import type { Database } from '@autopack/server-kit/open-database'
import { recordAudit } from '../../audit/record-audit.ts'
import type { DemoSeed } from '../../shared/demo-seed.ts'
import type { SystemPrincipal } from '../../shared/principal.ts'
import { insertExecutorIfMissing, insertKeyIfMissing, insertOperatorIfMissing } from './seed-rows.ts'

const demo: SystemPrincipal = { kind: 'system', name: 'demo-seed' }

/** Inserts what is missing of the demo's operators, executors and keys, and never changes what is there. Each is audited. */
export async function seedDemo(db: Database, seed: DemoSeed): Promise<void> {
  for (const operator of seed.operators) {
    await db.transaction(async (tx) => {
      if (!(await insertOperatorIfMissing(tx, operator))) return
      const facts = { external_object_id: operator.operator_id, payload_summary: `${operator.name}, ${operator.role}` }
      await recordAudit(tx, demo, { event_type: 'operator.created', result_status: 'ok', ...facts }, { requestId: null })
    })
  }
  for (const executor of seed.executors) {
    const key = readExecutorKey(executor.key)!
    await db.transaction(async (tx) => {
      const executorId = await insertExecutorIfMissing(tx, executor)
      if (!(await insertKeyIfMissing(tx, { key_id: key.keyId, executor_id: executorId, sha256: key.sha256, scopes: [...scopes] }))) return
      const facts = { external_object_id: key.keyId, payload_summary: `${key.keyId} for ${executor.name}` }
      await recordAudit(tx, demo, { event_type: 'executor_key.created', result_status: 'ok', ...facts }, { requestId: null })
    })
  }
}
