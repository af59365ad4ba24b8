import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { everythingOn, propose, proposeApproved, setBrake, sqlStateOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

/** What a mistake, or somebody with a database console, would write; the database must refuse it whatever the code above does. */
let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterEach(() => setBrake(deps, false))
afterAll(() => deps.close())

const illegal = '23514'
const appendOnly = '42501'
const duplicate = '23505'
const runAll = (...statements: SQL[]) =>
  sqlStateOf(() =>
    deps.db.transaction(async (tx) => {
      for (const statement of statements) await tx.execute(statement)
    }),
  )

const engage = (kind = 'all', id = '') =>
  sql`INSERT INTO control_plane.brake (brake_id, scope_kind, scope_id, engaged_at, engaged_by, engaged_reason, audited)
    VALUES (${`brk_${randomUUID()}`}, ${kind}, ${id}, clock_timestamp(), ${deps.operatorIds.approver}, 'Stop.', true)`
const release = (by: string) =>
  sql`UPDATE control_plane.brake SET released_at = clock_timestamp(), released_by = ${by}, released_reason = 'Go.' WHERE released_at IS NULL`

describe('the database', () => {
  it.each([
    ['everything', 'all', ''],
    ['its provider', 'provider', 'demo_shop'],
    ['its executor', 'executor', null],
  ])('hands nothing out and approves nothing under the brake over %s (I-13)', async (_, kind, id) => {
    const [approved, pending] = [await proposeApproved(deps), await propose(deps)]
    const claim = [
      sql`UPDATE control_plane.external_action SET state = 'EXECUTING', version = version + 1, fence = fence + 1,
        lease_until = clock_timestamp() + interval '60 s' WHERE action_id = ${approved.action_id}`,
      sql`INSERT INTO control_plane.execution (action_id, revision, payload_sha256, execution_id, fence, executor_id, key_id, idempotency_key, claimed_at, expected_sha256)
        VALUES (${approved.action_id}, 1, decode(${approved.payload_hash}, 'hex'), ${`exe_${randomUUID()}`}, 1, ${deps.executor.executorId},
          ${deps.executor.keyId}, ${randomUUID()}, clock_timestamp(), sha256('x'))`,
    ]
    const decide = sql`INSERT INTO control_plane.decision (decision_id, action_id, revision, payload_sha256, kind, reason, operator_id, operator_role, sid_hash, amr, request_id, display_sha256, decided_at)
      VALUES (${`dec_${randomUUID()}`}, ${pending.action_id}, 1, decode(${pending.payload_hash}, 'hex'), 'approve', 'why', ${deps.operatorIds.approver},
        'approver', 'sid', '{pwd}', 'request', sha256('x'), clock_timestamp())`
    await deps.db.execute(engage(kind, id ?? deps.executor.executorId))
    expect(await runAll(...claim)).toBe(illegal)
    expect(await runAll(decide)).toBe(illegal)
    await setBrake(deps, false)
    expect(await runAll(...claim)).toBeNull()
    expect(await runAll(decide)).toBeNull()
  })

  it('keeps one brake a scope, released once and by an admin, and never forgets or rewrites one', async () => {
    await deps.db.execute(engage('provider', 'demo_shop'))
    expect(await runAll(engage('provider', 'demo_shop'))).toBe(duplicate)
    expect(await runAll(engage('all', 'x'))).toBe(illegal)
    expect(await runAll(release(deps.operatorIds.approver))).toBe(illegal)
    for (const change of ["engaged_reason = 'Other.'", "scope_id = 'etsy'", 'audited = false', "engaged_at = engaged_at - interval '1 day'"])
      expect([change, await runAll(sql`UPDATE control_plane.brake SET ${sql.raw(change)}`)]).toEqual([change, appendOnly])
    expect(await runAll(sql`DELETE FROM control_plane.brake`)).toBe(appendOnly)
    expect(await runAll(sql`TRUNCATE control_plane.brake`)).toBe(appendOnly)
    expect(await runAll(release(deps.operatorIds.admin))).toBeNull()
    expect(await runAll(sql`UPDATE control_plane.brake SET released_at = NULL, released_by = NULL, released_reason = NULL`)).toBe(appendOnly)
  })
})
