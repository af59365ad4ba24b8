import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  countRows,
  decide,
  everythingOn,
  expectStatus,
  propose,
  proposeApproved,
  proposeClaimed,
  sendFinish,
  sqlStateOf,
  stateOf,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { spellingsOfApprover } from '../../test/spellings-of-approver.ts'

/** What a mistake, or somebody with a database console, would write; the database must refuse it whatever the code above does. */
let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

const illegal = '23514'
const appendOnly = '42501'
const dangling = '23503'
const duplicate = '23505'
const run = (statement: SQL) => sqlStateOf(() => deps.ownerDb.transaction((tx) => tx.execute(statement)))
/** Several statements in one transaction: deferred constraints speak at its end. */
const runAll = (...statements: SQL[]) =>
  sqlStateOf(() =>
    deps.ownerDb.transaction(async (tx) => {
      for (const statement of statements) await tx.execute(statement)
    }),
  )

const setState = (actionId: string, state: string, more: SQL = sql``) =>
  sql`UPDATE control_plane.external_action SET state = ${state}, version = version + 1 ${more} WHERE action_id = ${actionId}`

function insertDecision(
  action: { action_id: string; payload_hash: string },
  operatorId: string,
  change: { hash?: string; revision?: number; role?: string; kind?: string } = {},
) {
  const kind = change.kind ?? 'approve'
  return sql`INSERT INTO control_plane.decision (decision_id, action_id, revision, payload_sha256, kind, reject_kind, reason, operator_id, operator_role, sid_hash, amr, request_id, display_sha256, decided_at)
    VALUES (${`dec_${randomUUID()}`}, ${action.action_id}, ${change.revision ?? 1}, decode(${change.hash ?? action.payload_hash}, 'hex'), ${kind}, ${kind === 'reject' ? 'never' : null}, 'why', ${operatorId},
      ${change.role ?? 'approver'}, 'sid', '{pwd}', 'request', ${kind === 'approve' ? sql`sha256('x')` : null}, clock_timestamp())`
}

const authorize = (action: { action_id: string; payload_hash: string }, kind = 'people', hash = action.payload_hash) =>
  sql`INSERT INTO control_plane.action_authorization (action_id, revision, payload_sha256, kind, authorized_at, execute_by)
    VALUES (${action.action_id}, 1, decode(${hash}, 'hex'), ${kind}, clock_timestamp(), clock_timestamp() + interval '1 hour')`

const execute = (action: { action_id: string; payload_hash: string }, fence = 1, executorId = deps.executor.executorId) =>
  sql`INSERT INTO control_plane.execution (action_id, revision, payload_sha256, execution_id, fence, executor_id, key_id, idempotency_key, claimed_at, expected_sha256)
    VALUES (${action.action_id}, 1, decode(${action.payload_hash}, 'hex'), ${`exe_${randomUUID()}`}, ${fence}, ${executorId}, ${deps.executor.keyId}, ${randomUUID()}, clock_timestamp(), sha256('x'))`

const claimMove = sql`, fence = fence + 1, lease_until = clock_timestamp() + interval '60 s'`

describe('the database', () => {
  it('moves a state only as the ledger allows, from every state to every other (I-2, I-12)', async () => {
    const states = ['PENDING', 'APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED', 'REJECTED', 'REVOKED', 'EXPIRED', 'CANCELLED']
    const allowed = new Set(
      ['PENDING>APPROVED', 'PENDING>REJECTED', 'PENDING>EXPIRED', 'PENDING>CANCELLED', 'APPROVED>EXECUTING', 'APPROVED>REVOKED', 'APPROVED>EXPIRED']
        .concat(['APPROVED>CANCELLED', 'APPROVED>PENDING', 'EXECUTING>COMPLETED', 'EXECUTING>FAILED', 'EXECUTING>UNKNOWN', 'EXECUTING>SIMULATED'])
        .concat(['UNKNOWN>COMPLETED', 'UNKNOWN>FAILED']),
    )
    const action = await propose(deps)
    const wrong: string[] = []
    for (const from of states) {
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.external_action DISABLE TRIGGER USER`)
      await deps.ownerDb.execute(setState(action.action_id, from, sql`, lease_until = clock_timestamp()`))
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.external_action ENABLE TRIGGER USER`)
      for (const to of states) {
        if (to === from) continue
        const message = await deps.db
          .transaction(async (tx) => {
            await tx.execute(setState(action.action_id, to, to === 'EXECUTING' ? sql`, fence = fence + 1` : sql``))
            throw new Error('moved')
          })
          .catch((error: Error) => (error.cause instanceof Error ? error.cause.message : error.message))
        if (message.startsWith('illegal transition') === allowed.has(`${from}>${to}`)) wrong.push(`${from}>${to}: ${message}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('lets no action be approved without an authorization, nor executed without an execution (I-1)', async () => {
    const pending = await propose(deps)
    expect(await run(setState(pending.action_id, 'APPROVED'))).toBe(illegal)
    const approved = await proposeApproved(deps)
    expect(await run(setState(approved.action_id, 'EXECUTING', claimMove))).toBe(illegal)
    expect(await runAll(execute(approved))).toBe(illegal)
    expect(await runAll(setState(approved.action_id, 'EXECUTING', claimMove), execute(approved, 7))).toBe(illegal)
    const other = await deps.addExecutor({ name: `other-${randomUUID().slice(0, 8)}` })
    expect(await runAll(setState(approved.action_id, 'EXECUTING', claimMove), execute(approved, 1, other.executorId))).toBe(illegal)
    expect([await stateOf(deps, pending.action_id), await stateOf(deps, approved.action_id)]).toEqual(['PENDING', 'APPROVED'])
    expect(await runAll(setState(approved.action_id, 'EXECUTING', claimMove), execute(approved))).toBeNull()
  })

  it('authorizes nothing while a slot is open, nothing of tier C by policy, and nothing for other bytes (I-1)', async () => {
    const action = await propose(deps)
    expect(await run(authorize(action))).toBe(illegal)
    expect(await run(authorize(action, 'policy'))).toBe(illegal)
    const approver = deps.operatorIds.approver
    const approve = insertDecision(action, approver)
    const fill = sql`UPDATE control_plane.approval_slot SET decision_id = (SELECT decision_id FROM control_plane.decision WHERE action_id = ${action.action_id}) WHERE action_id = ${action.action_id}`
    expect(await runAll(approve, fill, authorize(action, 'people', 'b'.repeat(64)))).toBe(dangling)
    expect(await runAll(approve, fill, authorize(action, 'policy'))).toBe(illegal)
    expect(await runAll(approve, fill, authorize(action))).toBeNull()
  })

  it('fills a slot with nothing but an approval of the same revision, once', async () => {
    const [one, other] = [await propose(deps), await proposeApproved(deps)]
    const fillWith = (decision: SQL) => sql`UPDATE control_plane.approval_slot SET decision_id = (${decision}) WHERE action_id = ${one.action_id}`
    const third = await propose(deps)
    const decisionOf = (actionId: string) => sql`SELECT decision_id FROM control_plane.decision WHERE action_id = ${actionId}`
    expect(await run(fillWith(decisionOf(other.action_id)))).toBe(duplicate)
    expect(await runAll(insertDecision(third, deps.operatorIds.approver), fillWith(decisionOf(third.action_id)))).toBe(dangling)
    const reject = insertDecision(one, deps.operatorIds.approver, { kind: 'reject' })
    expect(await runAll(reject, fillWith(decisionOf(one.action_id)))).toBe(dangling)
    expect(await run(sql`UPDATE control_plane.approval_slot SET decision_id = NULL WHERE action_id = ${other.action_id}`)).toBe(appendOnly)
    expect(
      await run(
        sql`INSERT INTO control_plane.approval_slot (action_id, revision, group_no, slot, role) VALUES (${other.action_id}, 1, 9, 0, 'approver')`,
      ),
    ).toBe(illegal)
  })

  it('executes a revision at most once, whatever the fence (I-8)', async () => {
    const claim = await proposeClaimed(deps)
    const action = { action_id: claim.action_id, payload_hash: claim.payload_hash }
    expect(await run(execute(action, claim.fence))).toBe(duplicate)
    expect(await countRows(deps, 'execution', claim.action_id)).toBe(1)
    expect(
      await run(sql`UPDATE control_plane.external_action SET fence = fence + 1, version = version + 1 WHERE action_id = ${claim.action_id}`),
    ).toBe(illegal)
  })

  it('records a decision only of an enabled approver, in time, about the bytes that stand, and never twice (I-6, I-10)', async () => {
    const action = await propose(deps)
    const { approver, viewer, admin } = deps.operatorIds
    expect(await run(insertDecision(action, viewer))).toBe(illegal)
    expect(await run(insertDecision(action, viewer, { role: 'viewer' }))).toBe(illegal)
    expect(await run(insertDecision(action, approver, { role: 'admin' }))).toBe(illegal)
    const disabled = await deps.addOperator({ name: `off-${randomUUID().slice(0, 8)}`, role: 'approver', enabled: false })
    expect(await run(insertDecision(action, disabled))).toBe(illegal)
    expect(await run(insertDecision(action, approver, { hash: 'c'.repeat(64) }))).toBe(dangling)
    expect(await run(insertDecision(action, approver, { revision: 2 }))).toBe(illegal)
    expect(await run(insertDecision(action, approver))).toBeNull()
    expect(await run(insertDecision(action, approver))).toBe(duplicate)
    const ended = await propose(deps)
    await expectStatus(await decide(deps, 'approver', ended, toRejection(ended)), 200)
    expect(await run(insertDecision(ended, admin, { role: 'admin' }))).toBe(illegal)
  })

  it.each(spellingsOfApprover)('refuses the approval of whoever asked for the run, written as %j', async (startedBy) => {
    const runId = `run-${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: startedBy } })
    const action = await propose(deps, { more: { run_id: runId } })
    expect(await run(insertDecision(action, deps.operatorIds.approver))).toBe(illegal)
    expect(await run(insertDecision(action, deps.operatorIds.admin, { role: 'admin' }))).toBeNull()
  })

  it('calls nothing completed that was not sent live, byte for byte as approved (I-3)', async () => {
    const outcome = (executionId: string, what: string, sent: string, hash: SQL) =>
      sql`INSERT INTO control_plane.execution_outcome (execution_id, outcome, sent, sent_sha256, finished_at, recorded_by) VALUES (${executionId}, ${what}, ${sent}, ${hash}, clock_timestamp(), 'test')`
    const live = await proposeClaimed(deps)
    expect(await run(outcome(live.execution_id, 'completed', 'yes', sql`sha256('other')`))).toBe(illegal)
    expect(await run(outcome(live.execution_id, 'completed', 'yes', sql`NULL`))).toBe(illegal)
    const right = sql`decode(${toSentSha256(live.payload)}, 'hex')`
    expect(await run(outcome(live.execution_id, 'completed', 'unknown', right))).toBe(illegal)
    expect(await run(outcome(live.execution_id, 'simulated', 'no', sql`NULL`))).toBe(illegal)
    expect(await run(setState(live.action_id, 'COMPLETED'))).toBe(illegal)
    const dry = await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) })
    expect(await run(outcome(dry.execution_id, 'completed', 'yes', sql`decode(${toSentSha256(dry.payload)}, 'hex')`))).toBe(illegal)
    expect(await run(outcome(live.execution_id, 'completed', 'yes', right))).toBeNull()
    expect(await run(setState(live.action_id, 'FAILED'))).toBe(illegal)
    expect(await run(setState(live.action_id, 'COMPLETED'))).toBeNull()
  })

  it('changes and deletes nothing that was decided, authorized, executed or proposed', async () => {
    const claim = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, claim, { sent: 'no', outcome: 'failed' }), 200)
    for (const table of ['action_revision', 'decision', 'action_authorization', 'execution', 'execution_reservation', 'execution_outcome']) {
      const name = sql.raw(`control_plane.${table}`)
      const column = sql.raw({ execution_reservation: 'scope', execution_outcome: 'recorded_by' }[table] ?? 'revision')
      expect([table, await run(sql`UPDATE ${name} SET ${column} = ${column}`)]).toEqual([table, appendOnly])
      expect([table, await run(sql`DELETE FROM ${name}`)]).toEqual([table, appendOnly])
      expect([table, await run(sql`TRUNCATE ${name} CASCADE`)]).toEqual([table, appendOnly])
    }
    for (const table of ['external_action', 'approval_slot', 'cap_day', 'control']) {
      const name = sql.raw(`control_plane.${table}`)
      expect([table, await run(sql`DELETE FROM ${name}`)]).toEqual([table, appendOnly])
      expect([table, await run(sql`TRUNCATE ${name} CASCADE`)]).toEqual([table, appendOnly])
    }
  })

  it('lets an edit only be the next revision, which starts over without the old decisions (I-7)', async () => {
    const action = await proposeApproved(deps)
    const copy = (revision: number) => sql`INSERT INTO control_plane.action_revision
      (action_id, revision, payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score, risk_level, risk_contributions,
       coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by, execute_within_seconds, hold_seconds, created_at)
      SELECT action_id, ${revision}::int, payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score, risk_level, risk_contributions,
       coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by, execute_within_seconds, hold_seconds, created_at
      FROM control_plane.action_revision WHERE action_id = ${action.action_id} AND revision = 1`
    const moveTo = (revision: number, state: string) =>
      sql`UPDATE control_plane.external_action SET revision = ${revision}, state = ${state}, version = version + 1 WHERE action_id = ${action.action_id}`
    const slot = sql`INSERT INTO control_plane.approval_slot (action_id, revision, group_no, slot, role) VALUES (${action.action_id}, 2, 0, 0, 'approver')`
    expect(await runAll(copy(3))).toBe(illegal)
    expect(await runAll(moveTo(2, 'PENDING'))).toBe(dangling)
    expect(await runAll(copy(2), moveTo(2, 'APPROVED'))).toBe(illegal)
    expect(await runAll(copy(2), copy(3), moveTo(3, 'PENDING'))).toBe(illegal)
    expect(await run(setState(action.action_id, 'PENDING'))).toBe(illegal)
    expect(await runAll(copy(2), slot, moveTo(2, 'PENDING'))).toBeNull()
    // The bytes are the same as before, and still nothing of the old approval counts.
    expect(await run(setState(action.action_id, 'APPROVED'))).toBe(illegal)
    await expectStatus(await decide(deps, 'approver', action, toApproval({ ...action, revision: 2 })), 200)
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
  })

  it('reads hash, mode, cost and kind from the bytes, so that no column can say otherwise (I-3, I-5)', async () => {
    const action = await propose(deps)
    for (const column of ['payload_sha256', 'provider', 'operation', 'mode', 'target', 'cost_amount_minor', 'cost_currency']) {
      const statement = sql`UPDATE control_plane.action_revision SET ${sql.raw(column)} = NULL WHERE action_id = ${action.action_id}`
      expect([column, await run(statement)]).toEqual([column, '428C9'])
    }
    const found = await deps.ownerDb.execute(
      sql`SELECT encode(payload_sha256, 'hex') AS hash, encode(sha256(payload), 'hex') AS again, mode, provider FROM control_plane.action_revision WHERE action_id = ${action.action_id}`,
    )
    expect(found.rows[0]).toEqual({ hash: action.payload_hash, again: action.payload_hash, mode: 'live', provider: 'demo_shop' })
  })

  it('holds used and reserved under the cap (I-15)', async () => {
    const insert = (cap: number, reserved: number, used: number) =>
      sql`INSERT INTO control_plane.cap_day (day, scope, currency, cap, reserved, used) VALUES ('2020-01-01', ${randomUUID()}, 'USD', ${cap}, ${reserved}, ${used})`
    expect(await run(insert(10, 6, 5))).toBe(illegal)
    expect(await run(insert(10, -1, 5))).toBe(illegal)
    expect(await run(insert(10, 5, 5))).toBeNull()
  })

  it('keeps what makes an action that action', async () => {
    const action = await propose(deps)
    const other = await deps.addExecutor({ name: `other-${randomUUID().slice(0, 8)}` })
    for (const change of [
      sql`executor_id = ${other.executorId}`,
      sql`requested_at = requested_at - interval '1 day'`,
      sql`idempotency_key = 'another'`,
      sql`phase_id = 'another'`,
      sql`version = 0`,
      sql`fence = fence + 1, version = version + 1`,
      sql`lease_until = NULL, state = 'EXECUTING'`,
    ]) {
      expect(await run(sql`UPDATE control_plane.external_action SET ${change} WHERE action_id = ${action.action_id}`)).toBe(illegal)
    }
  })
})
