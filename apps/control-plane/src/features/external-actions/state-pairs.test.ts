import { randomUUID } from 'node:crypto'
import { actionStates } from '@autopack/contract/external-actions'
import type { ActionState } from '@autopack/contract/external-actions'
import type { Transaction } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  decide,
  everythingOn,
  expectStatus,
  propose,
  proposeApproved,
  proposeClaimed,
  revoke,
  sendFinish,
  sqlStateOf,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { sweepActions } from './sweep-actions.ts'

/** What somebody with a database console would write: raw SQL, all guards on. */
let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn, now: shiftedClock(() => aheadSeconds) })
})
afterAll(() => deps.close())

const illegal = '23514'
type Subject = { action_id: string; payload_hash: string; payload: string; execution_id: string | null }

/** An action that came to its state the way the ledger goes. */
async function reach(state: ActionState): Promise<Subject> {
  switch (state) {
    case 'PENDING':
      return { ...(await propose(deps)), execution_id: null }
    case 'APPROVED':
      return { ...(await proposeApproved(deps)), execution_id: null }
    case 'EXECUTING':
      return proposeClaimed(deps)
    case 'COMPLETED':
      return finish({}, (payload) => ({ sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(payload) }))
    case 'FAILED':
      return finish({}, () => ({ sent: 'no', outcome: 'failed' }))
    case 'UNKNOWN':
      return finish({}, () => ({ sent: 'unknown', outcome: 'unknown' }))
    case 'SIMULATED':
      return finish({ mode: 'dry_run' }, () => ({ sent: 'no', outcome: 'completed' }))
    case 'REJECTED': {
      const action = await propose(deps)
      await expectStatus(await decide(deps, 'approver', action, toRejection(action)), 200)
      return { ...action, execution_id: null }
    }
    case 'REVOKED': {
      const action = await proposeApproved(deps)
      await expectStatus(await revoke(deps, 'viewer', action), 200)
      return { ...action, execution_id: null }
    }
    case 'EXPIRED': {
      const action = await propose(deps)
      aheadSeconds = 86_401
      await sweepActions(deps)
      aheadSeconds = 0
      return { ...action, execution_id: null }
    }
    case 'CANCELLED': {
      const action = await propose(deps)
      await expectStatus(await deps.asExecutor().post(`/external-actions/${action.action_id}/cancel`, { reason: 'Never mind.' }), 200)
      return { ...action, execution_id: null }
    }
  }
}

async function finish(change: { mode?: 'dry_run' }, toReport: (payload: string) => object): Promise<Subject> {
  const claim = await proposeClaimed(deps, { payload: toListing(change) })
  await expectStatus(await sendFinish(deps, claim, toReport(claim.payload)), 200)
  return claim
}

const move = (subject: Subject, to: ActionState, more: SQL = sql``) =>
  sql`UPDATE control_plane.external_action SET state = ${to}, version = version + 1 ${more} WHERE action_id = ${subject.action_id}`
const claimed = sql`, fence = fence + 1, lease_until = clock_timestamp() + interval '60 s'`

const decision = (subject: Subject, kind: string, role = 'approver') =>
  sql`INSERT INTO control_plane.decision (decision_id, action_id, revision, payload_sha256, kind, reject_kind, reason, operator_id, operator_role, sid_hash, amr, request_id, display_sha256, decided_at)
    VALUES (${`dec_${randomUUID()}`}, ${subject.action_id}, 1, decode(${subject.payload_hash}, 'hex'), ${kind}, ${kind === 'reject' ? 'never' : null}, 'why',
      ${deps.operatorIds.approver}, ${role}, 'sid', '{pwd}', 'request', ${kind === 'approve' ? sql`sha256('x')` : null}, clock_timestamp())`
const fillSlot = (subject: Subject) =>
  sql`UPDATE control_plane.approval_slot SET decision_id = (SELECT decision_id FROM control_plane.decision WHERE action_id = ${subject.action_id}) WHERE action_id = ${subject.action_id}`
const authorization = (subject: Subject) =>
  sql`INSERT INTO control_plane.action_authorization (action_id, revision, payload_sha256, kind, authorized_at, execute_by)
    VALUES (${subject.action_id}, 1, decode(${subject.payload_hash}, 'hex'), 'people', clock_timestamp(), clock_timestamp() + interval '1 hour')`
const execution = (subject: Subject) =>
  sql`INSERT INTO control_plane.execution (action_id, revision, payload_sha256, execution_id, fence, executor_id, key_id, idempotency_key, claimed_at, expected_sha256)
    VALUES (${subject.action_id}, 1, decode(${subject.payload_hash}, 'hex'), ${`exe_${randomUUID()}`}, 1, ${deps.executor.executorId}, ${deps.executor.keyId}, ${randomUUID()}, clock_timestamp(), sha256('x'))`
const outcome = (subject: Subject, what: string, sent: string) =>
  sql`INSERT INTO control_plane.execution_outcome (execution_id, outcome, sent, sent_sha256, finished_at, recorded_by)
    VALUES (${subject.execution_id}, ${what}, ${sent}, ${what === 'completed' ? sql`decode(${toSentSha256(subject.payload)}, 'hex')` : null}, clock_timestamp(), 'test')`
const resolution = (subject: Subject, what: string) =>
  sql`INSERT INTO control_plane.execution_resolution (execution_id, outcome, looked_at, reason, operator_id, operator_role, sid_hash, amr, request_id, resolved_at)
    VALUES (${subject.execution_id}, ${what}, 'there', 'why', ${deps.operatorIds.approver}, 'approver', 'sid', '{pwd}', 'request', clock_timestamp())`
const nextRevision = (subject: Subject) =>
  sql`INSERT INTO control_plane.action_revision (action_id, revision, payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score,
      risk_level, risk_contributions, coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by, execute_within_seconds, hold_seconds, created_at)
    SELECT action_id, 2, payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score,
      risk_level, risk_contributions, coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by, execute_within_seconds, hold_seconds, created_at
    FROM control_plane.action_revision WHERE action_id = ${subject.action_id}`

/** `without_row`: whether the move alone is legal. */
type Step = { evidence: (subject: Subject) => SQL[]; more?: SQL; dry?: true; without_row: boolean }
const needs = (evidence: Step['evidence'], more?: SQL): Step => ({ evidence, ...(more ? { more } : {}), without_row: false })
const free = (more?: SQL): Step => ({ evidence: () => [], ...(more ? { more } : {}), without_row: true })
const edited = needs((subject) => [nextRevision(subject)], sql`, revision = 2`)
const ended = (what: string, sent: string) => needs((subject) => [outcome(subject, what, sent)])
const looked = (what: string) => needs((subject) => [resolution(subject, what)])

/**
 * Every pair that the ledger knows, with the row that has to be there for it. Expiring and withdrawing leave no row but the audit event:
 * nothing outside can come of them. Who stays in a state moves only its version, its hold or its lease.
 */
const legal: Partial<Record<`${ActionState}>${ActionState}`, Step>> = {
  'PENDING>PENDING': { ...edited, without_row: true },
  'PENDING>APPROVED': needs((subject) => [decision(subject, 'approve'), fillSlot(subject), authorization(subject)]),
  'PENDING>REJECTED': needs((subject) => [decision(subject, 'reject')]),
  'PENDING>EXPIRED': free(),
  'PENDING>CANCELLED': free(),
  'APPROVED>APPROVED': free(sql`, not_before = clock_timestamp() + interval '1 minute'`),
  'APPROVED>PENDING': edited,
  'APPROVED>EXECUTING': needs((subject) => [execution(subject)], claimed),
  'APPROVED>REVOKED': needs((subject) => [decision(subject, 'revoke')]),
  'APPROVED>EXPIRED': free(),
  'APPROVED>CANCELLED': free(),
  'EXECUTING>EXECUTING': free(sql`, lease_until = lease_until + interval '1 minute'`),
  'EXECUTING>COMPLETED': ended('completed', 'yes'),
  'EXECUTING>FAILED': ended('failed', 'no'),
  'EXECUTING>UNKNOWN': ended('unknown', 'unknown'),
  'EXECUTING>SIMULATED': { ...ended('simulated', 'no'), dry: true },
  'UNKNOWN>COMPLETED': looked('completed'),
  'UNKNOWN>FAILED': looked('failed'),
  'COMPLETED>COMPLETED': free(),
  'FAILED>FAILED': free(),
  'UNKNOWN>UNKNOWN': free(),
}

/** Runs statements in a transaction that is always taken back; the SQLSTATE of the refusal, or null. */
async function attempt(statements: readonly SQL[]): Promise<string | null> {
  class TakenBack extends Error {}
  try {
    return await sqlStateOf(() =>
      deps.ownerDb.transaction(async (tx: Transaction) => {
        for (const statement of statements) await tx.execute(statement)
        await tx.execute(sql`SET CONSTRAINTS ALL IMMEDIATE`)
        throw new TakenBack()
      }),
    )
  } catch (error) {
    if (error instanceof TakenBack) return null
    throw error
  }
}

describe('every pair of states', () => {
  it.each(actionStates)('from %s goes only where the ledger goes, and only with the row that says why', async (from) => {
    const subject = await reach(from)
    const wrong: string[] = []
    for (const to of actionStates) {
      const pair = `${from}>${to}` as const
      const step = legal[pair]
      const bare = await attempt([move(subject, to, to === 'EXECUTING' && from !== to ? claimed : sql``)])
      if (bare !== (step?.without_row === true ? null : illegal)) wrong.push(`${pair} without a row: ${bare}`)
      if (step === undefined) continue
      const one = step.dry ? await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) }) : subject
      // The execution may stand before or after the move; everything else before it.
      const rows = step.evidence(one)
      const whole = pair === 'APPROVED>EXECUTING' ? [move(one, to, step.more), ...rows] : [...rows, move(one, to, step.more)]
      const moved = await attempt(whole)
      if (moved !== null) wrong.push(`${pair} with its row: ${moved}`)
    }
    expect(wrong).toEqual([])
  })

  it('takes no row of another kind for the one that is missing', async () => {
    const pending = await reach('PENDING')
    expect(await attempt([decision(pending, 'approve'), move(pending, 'REJECTED')])).toBe(illegal)
    expect(await attempt([decision(pending, 'reject'), move(pending, 'APPROVED')])).toBe(illegal)
    expect(await attempt([decision(pending, 'revoke')])).toBe(illegal)
    const approved = await reach('APPROVED')
    expect(await attempt([decision(approved, 'veto')])).toBe(illegal)
    expect(await attempt([decision(approved, 'reject')])).toBe(illegal)
    const executing = await reach('EXECUTING')
    for (const [what, sent, to] of [
      ['failed', 'no', 'COMPLETED'],
      ['completed', 'yes', 'FAILED'],
      ['unknown', 'unknown', 'FAILED'],
    ] as const) {
      expect([to, await attempt([outcome(executing, what, sent), move(executing, to)])]).toEqual([to, illegal])
    }
    for (const subject of [executing, await reach('COMPLETED')]) expect(await attempt([resolution(subject, 'failed')])).toBe(illegal)
    const unknown = await reach('UNKNOWN')
    expect(await attempt([resolution(unknown, 'failed'), move(unknown, 'COMPLETED')])).toBe(illegal)
  })

  it('lets a read-back move the version of an ended action on, and nothing else of it', async () => {
    for (const state of ['COMPLETED', 'FAILED', 'UNKNOWN'] as const) {
      const subject = await reach(state)
      const results: [string, string | null][] = []
      for (const [what, more] of [
        ['version by two', sql`, version = version + 2`],
        ['fence', sql`, version = version + 1, fence = fence + 1`],
        ['lease', sql`, version = version + 1, lease_until = clock_timestamp()`],
        ['since', sql`, version = version + 1, state_since = clock_timestamp() + interval '1 second'`],
        ['hold', sql`, version = version + 1, not_before = clock_timestamp()`],
      ] as const) {
        const statement = sql`UPDATE control_plane.external_action SET action_id = action_id ${more} WHERE action_id = ${subject.action_id}`
        results.push([`${state} ${what}`, await attempt([statement])])
      }
      expect(results.filter(([, refusal]) => refusal !== illegal)).toEqual([])
    }
  })
})
