import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { Transaction } from '@autopack/server-kit/open-database'
import type { Deps } from '../../deps.ts'
import { changeAction, findAuthorization, findExecution, getRevision, insertOutcome, listOverdue, lockIdleAction } from '../../ledger/action-rows.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'
import { toUtcDay } from '../../ledger/daily-caps.ts'
import { recordActionChange, toActionFacts } from '../../ledger/record-action-change.ts'
import { toSpendSnapshot } from '../../ledger/spend-snapshot.ts'
import { toOutcomeRecord } from '../../ledger/to-evidence-records.ts'
import { findControlState } from '../../ledger/control-rows.ts'
import { toEffectiveControl } from '../../ledger/effective-control.ts'
import { readClock } from '../../shared/read-clock.ts'
import { clockPrincipal, expireAction } from './expire-action.ts'

/** Actions of one sweep; what is left waits for the next. */
const batchSize = 100

/**
 * Moves on what nobody will: an execution past its lease becomes UNKNOWN and keeps what it reserved; a proposal past its deadline and an
 * approval past its time to execute expire. The database clock decides. Returns how many actions it moved.
 */
export async function sweepActions(deps: Deps): Promise<number> {
  let moved = 0
  for (const actionId of await listOverdue(deps.db, deps.now, batchSize)) {
    try {
      if (await sweepOne(deps, actionId)) moved += 1
    } catch (error) {
      // One action that cannot be moved must not keep the others from being moved.
      deps.log.error({ error, action_id: actionId }, 'an overdue action could not be moved on')
    }
  }
  return moved
}

async function sweepOne(deps: Deps, actionId: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const action = await lockIdleAction(tx, actionId)
    if (!action) return false
    const now = await readClock(tx, deps.now)
    const revision = await getRevision(tx, action)
    const authorization = await findAuthorization(tx, action.action_id, action.revision)
    if (action.state === 'EXECUTING' && action.lease_until! <= now) {
      await giveUp(deps, tx, action, revision, now)
      return true
    }
    const late =
      (action.state === 'PENDING' && revision.decide_by <= now) ||
      (action.state === 'APPROVED' && authorization !== null && authorization.execute_by <= now)
    if (late) await expireAction(tx, action, revision, now, { requestId: null })
    return late
  })
}

/** Nobody knows whether it was sent: never retried, and what it reserved stays reserved until a person has looked. */
async function giveUp(deps: Deps, tx: Transaction, action: ActionRow, revision: RevisionRow, now: Date): Promise<void> {
  const found = await findExecution(tx, action.action_id, action.revision)
  if (!found) throw new Error(`action ${action.action_id} executes without an execution`)
  const error_code = 'lease_lost'
  const error_summary = 'The executor fell silent while it held the lease. Whether it sent anything is not known.'
  const written = await insertOutcome(tx, {
    execution_id: found.execution.execution_id,
    outcome: 'unknown',
    sent: 'unknown',
    sent_sha256: null,
    external_object_id: null,
    external_url: null,
    error_code,
    error_summary,
    finished_at: now,
    recorded_by: clockPrincipal.name,
  })
  const changed = await changeAction(tx, action, { state: 'UNKNOWN', at: now })
  await recordActionChange(
    tx,
    clockPrincipal,
    changed,
    {
      ...toActionFacts(changed, revision),
      event_type: 'external_action.lease_lost',
      result_status: 'UNKNOWN',
      executed_at: found.execution.claimed_at.toISOString(),
      completed_at: now.toISOString(),
      idempotency_key: found.execution.idempotency_key,
      error_code,
      error_summary,
      record_sha256: recordSha256(toOutcomeRecord(written)),
      spend_snapshot: await toSpendSnapshot(tx, toEffectiveControl(await findControlState(tx), deps.settings.ceiling), revision, {
        day: toUtcDay(found.execution.claimed_at),
        reserved: revision.mode === 'live',
        spent: false,
      }),
    },
    { requestId: null },
  )
}
