import { sql } from 'drizzle-orm'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Brake } from '@autopack/contract/operator-control'
import { countRows, everythingOn, expectStatus, outcomeOf, proposeApproved, sendClaim, setBrake, stateOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterEach(async () => {
  await setBrake(deps, false)
  await deps.db.execute(sql`UPDATE control_plane.working_cap SET cap = 1000000`)
})
afterAll(() => deps.close())

const engage = () => deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' })
const setCap = (cap: number, who = 'approver') => deps.asOperator(who).post('/operator/control/caps', { currency: 'USD', cap, reason: 'Less.' })
type Engaged = { brake: Brake; cannot_recall: { action_id: string }[]; stopped_count: number }

describe('at once', () => {
  it('the brake and six claims: what the answer does not list was not handed out, and nothing is after it (I-13)', async () => {
    for (let round = 0; round < 3; round += 1) {
      const actions = []
      for (let place = 0; place < 6; place += 1) actions.push(await proposeApproved(deps))
      const racing = actions.map(async (action) => ({ action, ...(await outcomeOf(await sendClaim(deps, action))) }))
      const answer = (await expectStatus(await engage(), 200)) as Engaged
      const claims = await Promise.all(racing)
      const handedOut = claims.filter(({ status }) => status === 201).map(({ action }) => action.action_id)
      expect(claims.filter(({ status }) => status !== 201).map(({ code }) => code)).toEqual(
        Array.from({ length: 6 - handedOut.length }, () => 'brake_engaged'),
      )
      const listed = new Set(answer.cannot_recall.map(({ action_id }) => action_id))
      expect(handedOut.filter((id) => !listed.has(id))).toEqual([])
      await setBrake(deps, false)
    }
  })

  it('two people engage the same scope: one brake, one event, the same answer', async () => {
    const answers = await Promise.all([engage(), engage(), engage(), engage()])
    const brakes = (await Promise.all(answers.map((answer) => expectStatus(answer, 200)))).map((answer) => (answer as Engaged).brake)
    expect(new Set(brakes.map(({ brake_id }) => brake_id)).size).toBe(1)
    const events = await deps.db.execute(sql`SELECT 1 FROM control_plane.audit_event WHERE approval_ref_id = ${brakes[0]!.brake_id}`)
    expect(events.rows).toHaveLength(1)
  })
})

it('six caps and switches are set at once: each is, nothing deadlocks, and the version counts them all', async () => {
  const before = (await deps.db.execute(sql`SELECT version FROM control_plane.control`)).rows[0]!['version'] as number
  const turn = (name: string) => deps.asOperator('approver').post('/operator/control/switches', { name, on: false, reason: 'Off.' })
  const answers = await Promise.all([
    ...[901, 902, 903].map((cap) => setCap(cap, 'admin')),
    ...['ETSY_PUBLISH', 'SHOPIFY_PUBLISH', 'YOUTUBE_PUBLISH'].map(turn),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
  const after = await deps.db.execute(sql`SELECT version, kill_switches FROM control_plane.control`)
  expect(after.rows[0]).toMatchObject({ version: before + 6, kill_switches: { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false } })
})

// Two connections that hold and wait as a schedule says: only a server has two. The suite runs on both databases.
if (process.env['TEST_DATABASE_URL']) {
  describe('schedules on two connections', () => {
    const lockAction = 'SELECT 1 FROM control_plane.external_action WHERE action_id = $1 FOR UPDATE'
    const lockAuditHead = 'SELECT 1 FROM control_plane.audit_head WHERE $1::text IS NOT NULL FOR UPDATE'

    async function waitUntilBlocked(count: number): Promise<void> {
      for (let attempt = 0; attempt < 2_000; attempt += 1) {
        const found = await deps.db.execute(
          sql`SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
        if ((found.rows[0] as { count: number }).count >= count) return
      }
      throw new Error(`${count} do not wait for a lock`)
    }

    /** The first act waits for what another connection holds; then the second begins and waits, too; then both go on. */
    async function inOrder<A, B>(lock: string, value: string, first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      try {
        await holder.query('BEGIN')
        await holder.query(lock, [value])
        const one = first()
        await waitUntilBlocked(1)
        const other = second()
        await waitUntilBlocked(2)
        await holder.query('COMMIT')
        return await Promise.all([one, other])
      } finally {
        await holder.end()
      }
    }

    it('a claim before the brake is handed out, and the brake waits for it and lists it (I-13)', async () => {
      const action = await proposeApproved(deps)
      const [claim, brake] = await inOrder(lockAction, action.action_id, () => sendClaim(deps, action), engage)
      expect(await outcomeOf(claim)).toEqual({ status: 201, code: null })
      expect(((await expectStatus(brake, 200)) as Engaged).cannot_recall.map(({ action_id }) => action_id)).toContain(action.action_id)
    })

    it('a claim after the brake waits for it and is refused (I-13)', async () => {
      const action = await proposeApproved(deps)
      const [brake, claim] = await inOrder(lockAuditHead, 'any', engage, () => sendClaim(deps, action))
      expect(((await expectStatus(brake, 200)) as Engaged).cannot_recall.map(({ action_id }) => action_id)).not.toContain(action.action_id)
      expect(await outcomeOf(claim)).toEqual({ status: 409, code: 'brake_engaged' })
      expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
    })

    it('a claim before a lower cap is handed out under the old one, and the cap waits for it (I-15)', async () => {
      const action = await proposeApproved(deps)
      const [claim, cap] = await inOrder(
        lockAction,
        action.action_id,
        () => sendClaim(deps, action),
        () => setCap(0),
      )
      expect([(await outcomeOf(claim)).status, (await outcomeOf(cap)).status]).toEqual([201, 200])
      expect(await outcomeOf(await sendClaim(deps, await proposeApproved(deps)))).toEqual({ status: 409, code: 'cap_reached' })
    })

    it('a claim after a lower cap waits for it and is refused (I-15)', async () => {
      const action = await proposeApproved(deps)
      const [cap, claim] = await inOrder(
        lockAuditHead,
        'any',
        () => setCap(0),
        () => sendClaim(deps, action),
      )
      expect([(await outcomeOf(cap)).status, await outcomeOf(claim)]).toEqual([200, { status: 409, code: 'cap_reached' }])
      expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
    })

    it('whoever waited for the lock and is disabled meanwhile engages nothing (I-10)', async () => {
      const operatorId = await deps.addOperator({ name: 'soon-gone', role: 'approver' })
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      try {
        await holder.query('BEGIN')
        await holder.query('UPDATE control_plane.operator SET enabled = false WHERE operator_id = $1', [operatorId])
        const engaging = deps.asOperator(operatorId).post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' })
        await waitUntilBlocked(1)
        await holder.query('COMMIT')
        expect(await outcomeOf(await engaging)).toEqual({ status: 403, code: 'operator_disabled' })
      } finally {
        await holder.end()
      }
      expect((await deps.db.execute(sql`SELECT FROM control_plane.brake WHERE released_at IS NULL`)).rows).toHaveLength(0)
    })

    it('the brake does not wait for an audit log that hangs, nor does anybody else for long; who writes afterwards writes the brake first, once (I-19)', async () => {
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      const createKey = (name: string) => deps.asOperator('admin').post('/operator/executor-keys', { executor_name: name })
      let brake: Brake
      try {
        await holder.query('BEGIN')
        await holder.query(lockAuditHead, ['any'])
        const waiting = [createKey('waited-one'), createKey('waited-two')]
        await waitUntilBlocked(2)
        brake = ((await expectStatus(await engage(), 200)) as Engaged).brake
        expect(brake.audited).toBe(false)
        for (const answer of waiting) expect(await outcomeOf(await answer)).toEqual({ status: 503, code: 'audit_unavailable' })
        await holder.query('COMMIT')
      } finally {
        await holder.end()
      }
      const written = await Promise.all([createKey('wrote-one'), createKey('wrote-two')])
      expect(written.map(({ status }) => status)).toEqual([201, 201])
      const found = await deps.db.execute(sql`SELECT event_type, approval_ref_id FROM control_plane.audit_event ORDER BY seq DESC LIMIT 3`)
      expect(found.rows.toReversed().map((row) => row['approval_ref_id'])).toEqual([brake.brake_id, null, null])
      expect(found.rows.map((row) => row['event_type']).filter((type) => type === 'control.brake_engaged')).toHaveLength(1)
    })

    it.each([
      ['the live events', ['event_head']],
      ['both logs', ['audit_head', 'event_head']],
    ])('the brake does not wait for somebody who hangs with %s, and what is claimed afterwards is refused (I-13, I-19)', async (_, heads) => {
      const action = await proposeApproved(deps)
      const holder = new pg.Client({ connectionString: deps.databaseUrl! })
      await holder.connect()
      let claim: Promise<Response>
      const brakes = async () => (await deps.db.execute(sql`SELECT brake_id, audited FROM control_plane.brake WHERE released_at IS NULL`)).rows
      try {
        await holder.query('BEGIN')
        for (const head of heads) await holder.query(`SELECT FROM control_plane.${head} FOR UPDATE`)
        const { brake } = (await expectStatus(await engage(), 200)) as Engaged
        expect(brake.audited).toBe(false)
        expect(await brakes()).toEqual([{ brake_id: brake.brake_id, audited: false }])
        claim = sendClaim(deps, action)
        await waitUntilBlocked(1)
        await holder.query('COMMIT')
      } finally {
        await holder.end()
      }
      expect(await outcomeOf(await claim)).toEqual({ status: 409, code: 'brake_engaged' })
      expect(await brakes()).toMatchObject([{ audited: true }])
      const told = await deps.db.execute(sql`SELECT type FROM control_plane.event ORDER BY id DESC LIMIT 1`)
      expect(told.rows).toEqual([{ type: 'control.changed' }])
    })
  })
}
