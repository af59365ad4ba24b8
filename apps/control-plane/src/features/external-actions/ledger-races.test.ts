import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  capUseOf,
  countRows,
  decide,
  everythingOn,
  listAuditOf,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revise,
  revoke,
  secondsPastDayEnd,
  sendClaim,
  sendDecision,
  sendFinish,
  setBrake,
  stateOf,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { signApproval } from '../../test/passkey-story.ts'
import type { SaidApproval } from '../../test/passkey-story.ts'
import { sweepActions } from './sweep-actions.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds), ceiling: everythingOn })
  aheadSeconds = await secondsPastDayEnd(deps)
})
afterAll(() => deps.close())

const codesOf = async (answers: Promise<Response>[]) =>
  (await Promise.all((await Promise.all(answers)).map(outcomeOf))).map(({ status, code }) => code ?? status)

describe('at once', () => {
  it('twelve claims of one action: one wins, eleven read that it was claimed (I-8, I-17)', async () => {
    const action = await proposeApproved(deps)
    const codes = await codesOf(Array.from({ length: 12 }, () => sendClaim(deps, action)))
    expect(codes.filter((code) => code === 201)).toHaveLength(1)
    expect(codes.filter((code) => code === 'already_claimed')).toHaveLength(11)
    expect(await countRows(deps, 'execution', action.action_id)).toBe(1)
    expect((await listAuditOf(deps, action.action_id)).filter((event) => event.event_type === 'external_action.claimed')).toHaveLength(1)
  })

  it('eight repetitions of one claim: one execution, the same answer', async () => {
    const action = await proposeApproved(deps)
    const idempotencyKey = randomUUID()
    const answers = await Promise.all(Array.from({ length: 8 }, () => sendClaim(deps, action, { idempotencyKey })))
    const texts = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(texts).size).toBe(1)
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 8 }, () => 201))
  })

  it('one key for two actions: one claim, the other is told, and nothing breaks', async () => {
    const [one, other] = [await proposeApproved(deps), await proposeApproved(deps)]
    const idempotencyKey = randomUUID()
    const codes = await codesOf([sendClaim(deps, one, { idempotencyKey }), sendClaim(deps, other, { idempotencyKey })])
    expect(codes.map(String).toSorted()).toEqual(['201', 'idempotency_key_reused'])
  })

  it('two people decide: one wins, the other reads who', async () => {
    for (let round = 0; round < 4; round += 1) {
      const action = await propose(deps)
      const answers = await Promise.all([decide(deps, 'approver', action, toApproval(action)), decide(deps, 'admin', action, toRejection(action))])
      const bodies = (await Promise.all(answers.map((answer) => answer.json()))) as { code?: string; decided_by?: { name: string }; state?: string }[]
      const winner = answers[0]!.status === 200 ? 'approver' : 'admin'
      expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409])
      expect(bodies.find((body) => body.code !== undefined)).toMatchObject({ code: 'already_decided', decided_by: { name: winner } })
      expect(await stateOf(deps, action.action_id)).toBe(winner === 'approver' ? 'APPROVED' : 'REJECTED')
      expect(await countRows(deps, 'decision', action.action_id)).toBe(1)
    }
  })

  it('claim and cancel: one wins, and the state is what the winner says (I-11)', async () => {
    for (let round = 0; round < 4; round += 1) {
      const action = await proposeApproved(deps)
      const cancel = deps.asExecutor().post(`/external-actions/${action.action_id}/cancel`, { reason: 'Changed my mind.' })
      const [claimed, cancelled] = await codesOf([sendClaim(deps, action), cancel])
      const state = await stateOf(deps, action.action_id)
      expect([claimed, cancelled, state]).toEqual(claimed === 201 ? [201, 'not_open', 'EXECUTING'] : ['not_approved', 200, 'CANCELLED'])
    }
  })

  it('claim and revoke: one wins, and both learn which (I-11)', async () => {
    for (let round = 0; round < 4; round += 1) {
      const action = await proposeApproved(deps)
      const [claim, revocation] = await Promise.all([sendClaim(deps, action), revoke(deps, 'viewer', action)])
      const [claimed, revoked] = (await Promise.all([claim.json(), revocation.json()])) as { code?: string; execution_id?: string }[]
      const state = await stateOf(deps, action.action_id)
      if (claim.status === 201) {
        expect([revoked!.code, revoked!.execution_id, state]).toEqual(['already_claimed', claimed!.execution_id, 'EXECUTING'])
      } else {
        expect([claimed!.code, revocation.status, state]).toEqual(['not_approved', 200, 'REVOKED'])
        expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
      }
    }
  })

  it('claim and edit: what was claimed is not edited, and what was edited is not claimed (I-7)', async () => {
    for (let round = 0; round < 4; round += 1) {
      const action = await proposeApproved(deps)
      const [claimed, edited] = await codesOf([sendClaim(deps, action), revise(deps, action, toListing())])
      const state = await stateOf(deps, action.action_id)
      expect([claimed, edited, state]).toEqual(claimed === 201 ? [201, 'not_open', 'EXECUTING'] : ['not_approved', 201, 'PENDING'])
    }
  })

  it('approval and edit: an approval counts for the revision it names, or is told that there is another (I-7)', async () => {
    for (let round = 0; round < 4; round += 1) {
      const action = await propose(deps)
      const [approved, edited] = await codesOf([decide(deps, 'approver', action, toApproval(action)), revise(deps, action, toListing())])
      expect([approved, edited, await stateOf(deps, action.action_id)]).toEqual([approved === 200 ? 200 : 'superseded', 201, 'PENDING'])
      expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
    }
  })

  it('claims of eight executors for a cap with room for three: three win (I-15)', async () => {
    const claims = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { key } = await deps.addExecutor({ name: `racer-${randomUUID()}`, sharedWithEveryone: true })
        return { key, action: await proposeApproved(deps, { executorKey: key }) }
      }),
    )
    const before = await capUseOf(deps, 'USD')
    deps.settings.ceiling.maxDailySpendMinor = { USD: before.used + before.reserved + 79 }
    try {
      const codes = await codesOf(claims.map(({ key, action }) => sendClaim(deps, action, { key })))
      expect(codes.map(String).toSorted()).toEqual(['201', '201', '201', ...Array.from({ length: 5 }, () => 'cap_reached')])
      expect((await capUseOf(deps, 'USD')).reserved).toBe(before.reserved + 60)
    } finally {
      deps.settings.ceiling.maxDailySpendMinor = everythingOn.maxDailySpendMinor
    }
  })

  it('claims, finishes, cancels, decisions, proposals and sweeps of many actions: nothing deadlocks, and the audit chain has no gap', async () => {
    const report = { sent: 'no', outcome: 'failed' }
    await Promise.all(
      Array.from({ length: 8 }, async (_, place) => {
        const action = await propose(deps)
        await Promise.all([
          decide(deps, 'approver', action, toApproval(action)),
          decide(deps, 'admin', action, toApproval(action)),
          sweepActions(deps),
        ])
        const [claim] = await Promise.all([
          sendClaim(deps, action).then(async (answer) => ({ status: answer.status, body: (await answer.json()) as { fence: number } })),
          place % 2 === 0 ? propose(deps) : deps.asExecutor().post(`/external-actions/${action.action_id}/cancel`, { reason: 'x' }),
        ])
        if (claim.status === 201) await Promise.all([sendFinish(deps, { ...action, fence: claim.body.fence }, report), sendClaim(deps, action)])
      }),
    )
    const gaps = await deps.db.execute(sql`SELECT count(*)::int AS events, (max(seq) - min(seq) + 1)::int AS expected FROM control_plane.audit_event`)
    const { events, expected } = gaps.rows[0] as { events: number; expected: number }
    expect(events).toBe(expected)
    const stuck = await deps.db.execute(sql`SELECT count(*)::int AS count FROM control_plane.audit_event WHERE result_status = 'internal_error'`)
    expect(stuck.rows[0]).toEqual({ count: 0 })
  })
})

// Two connections that hold and wait as a schedule says: only a server has two. The suite runs on both databases.
if (process.env['TEST_DATABASE_URL']) {
  describe('schedules on two connections', () => {
    /** Runs `act` while another connection holds what `lock` takes; `until` sees the real thing waiting; then lets go. */
    async function whileHolding<T>(lock: string, values: unknown[], act: () => Promise<T>, change: string | null = null, waiting = 1): Promise<T> {
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      try {
        await holder.query('BEGIN')
        await holder.query(lock, values)
        const acting = act()
        await waitUntilBlocked(waiting)
        if (change !== null) await holder.query(change, values)
        await holder.query('COMMIT')
        return await acting
      } finally {
        await holder.end()
      }
    }

    async function waitUntilBlocked(waiting = 1): Promise<void> {
      for (let attempt = 0; attempt < 400; attempt += 1) {
        const found = await deps.db.execute(
          sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        if ((found.rows[0] as { count: number }).count >= waiting) return
      }
      throw new Error('nothing waits for the lock')
    }

    const lockAction = 'SELECT 1 FROM control_plane.external_action WHERE action_id = $1 FOR UPDATE'

    it('a claim that waited for a cancellation sees it (I-11)', async () => {
      const action = await proposeApproved(deps)
      const change = `UPDATE control_plane.external_action SET state = 'CANCELLED', version = version + 1 WHERE action_id = $1`
      const answer = await whileHolding(lockAction, [action.action_id], () => sendClaim(deps, action), change)
      expect(await outcomeOf(answer)).toEqual({ status: 409, code: 'not_approved' })
      expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
    })

    it('a claim that waited for the brake sees it (I-13)', async () => {
      const action = await proposeApproved(deps)
      const change = `INSERT INTO control_plane.brake (brake_id, scope_kind, scope_id, engaged_at, engaged_by, engaged_reason, audited)
        SELECT 'brk_${randomUUID()}', 'all', '', clock_timestamp(), '${deps.operatorIds.admin}', 'A test says so.', true WHERE $1::text IS NOT NULL`
      const lock = 'SELECT 1 FROM control_plane.control WHERE $1::text IS NOT NULL FOR UPDATE'
      try {
        const answer = await whileHolding(lock, ['any'], () => sendClaim(deps, action), change)
        expect(await outcomeOf(answer)).toEqual({ status: 409, code: 'brake_engaged' })
      } finally {
        await setBrake(deps, false)
      }
    })

    it('a decision that waited for the disabling of its operator sees it (I-10)', async () => {
      const operatorId = await deps.addOperator({ name: `soon-gone-${randomUUID().slice(0, 8)}`, role: 'approver' })
      const action = await propose(deps)
      const lock = 'SELECT 1 FROM control_plane.operator WHERE operator_id = $1 FOR UPDATE'
      const change = 'UPDATE control_plane.operator SET enabled = false WHERE operator_id = $1'
      const answer = await whileHolding(lock, [operatorId], () => decide(deps, operatorId, action, toApproval(action)), change)
      expect(answer.status).toBe(403)
      expect(await stateOf(deps, action.action_id)).toBe('PENDING')
    })

    it('two claims that waited for the same action: one execution', async () => {
      const action = await proposeApproved(deps)
      const codes = await whileHolding(lockAction, [action.action_id], () => codesOf([sendClaim(deps, action), sendClaim(deps, action)]))
      expect(codes.map(String).toSorted()).toEqual(['201', 'already_claimed'])
    })

    it('two decisions that waited for the same action: one decision', async () => {
      const action = await propose(deps)
      const both = () => codesOf([decide(deps, 'approver', action, toApproval(action)), decide(deps, 'admin', action, toApproval(action))])
      const codes = await whileHolding(lockAction, [action.action_id], both)
      expect(codes.map(String).toSorted()).toEqual(['200', 'already_decided'])
    })

    it('one signed approval that was sent twice and waited for its action twice: one decision with one signature', async () => {
      const action = await propose(deps)
      const said = toApproval(action) as SaidApproval
      const signature = await signApproval(deps, 'approver', action, said)
      const send = () => sendDecision(deps, 'approver', action, { ...said, signature })
      const codes = await whileHolding(lockAction, [action.action_id], () => codesOf([send(), send()]), null, 2)
      expect(codes.map(String).toSorted()).toEqual(['200', 'already_decided'])
      expect(await countRows(deps, 'decision', action.action_id)).toBe(1)
      const kept = await deps.db.execute(
        sql`SELECT count(*)::int AS count FROM control_plane.signed_act WHERE statement = convert_to(${signature.statement}, 'UTF8')`,
      )
      expect(kept.rows).toEqual([{ count: 1 }])
    })

    it('a finish and a claim that both wait for the same cap row do not deadlock', async () => {
      const claim = await proposeClaimed(deps)
      const action = await proposeApproved(deps)
      const lock = `SELECT 1 FROM control_plane.cap_day WHERE day = $1::date AND scope = '' AND currency = '' FOR UPDATE`
      const day = (await deps.db.execute(sql`SELECT (${deps.now} AT TIME ZONE 'UTC')::date::text AS day`)).rows[0] as { day: string }
      const report = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload) }
      const codes = await whileHolding(lock, [day.day], () => codesOf([sendFinish(deps, claim, report), sendClaim(deps, action)]))
      expect(codes).toEqual([200, 201])
    })

    it('a finish that waited for the sweep is too late (I-16)', async () => {
      const claim = await proposeClaimed(deps)
      const change = `WITH outcome AS (INSERT INTO control_plane.execution_outcome (execution_id, outcome, sent, finished_at, recorded_by)
        SELECT execution_id, 'unknown', 'unknown', clock_timestamp(), 'clock' FROM control_plane.execution WHERE action_id = $1 RETURNING 1)
        SELECT count(*) FROM outcome`
      const move = `UPDATE control_plane.external_action SET state = 'UNKNOWN', version = version + 1 WHERE action_id = $1`
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      await holder.query('BEGIN')
      await holder.query(lockAction, [claim.action_id])
      const finishing = sendFinish(deps, claim, { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload) })
      await waitUntilBlocked()
      await holder.query(change, [claim.action_id])
      await holder.query(move, [claim.action_id])
      await holder.query('COMMIT')
      await holder.end()
      expect(await outcomeOf(await finishing)).toEqual({ status: 409, code: 'not_executing' })
      expect(await stateOf(deps, claim.action_id)).toBe('UNKNOWN')
    })
  })
}
