import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, setBrake, sqlStateOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { spellingsOfApprover } from '../../test/spellings-of-approver.ts'
import { askApproval, askGovernance, decideAsked, rejection, startOwnRun } from '../../test/request-story.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const states = ['PENDING', 'APPROVED', 'REJECTED', 'CHANGE_ASKED', 'EXPIRED'] as const
const stateOf = (act: SQL) => sqlStateOf(() => deps.ownerDb.execute(act))

const castOf: Readonly<Record<string, string>> = { amr: 'text[]', sole_operator: 'boolean' }
/** As the application would write it, but for the change. */
function toDecision(requestId: string, change: Record<string, string | null> = {}): SQL {
  const row: Record<string, string | null> = {
    decision_id: `dec_${randomUUID()}`,
    request_id: requestId,
    decided_by: 'people',
    kind: 'approve',
    reject_kind: null,
    field: null,
    reason: 'A test says so.',
    operator_id: deps.operatorIds.approver,
    operator_role: 'approver',
    sid_hash: 'sid',
    amr: '{}',
    request_ref: 'test',
    ...change,
  }
  const names = Object.keys(row)
  const { body_sha256 = null, ...more } = row
  const columns = names.filter((name) => name !== 'body_sha256')
  return sql`INSERT INTO control_plane.request_decision (${sql.raw(columns.join(', '))}, body_sha256, decided_at)
    SELECT ${sql.join(
      columns.map((name) => sql`${more[name]}::${sql.raw(castOf[name] ?? 'text')}`),
      sql`, `,
    )}, coalesce(decode(${body_sha256}::text, 'hex'), r.body_sha256), clock_timestamp() FROM control_plane.request r WHERE r.request_id = ${requestId}`
}
const byPolicy = { decided_by: 'policy', operator_id: null, operator_role: null, sid_hash: null, amr: null }
/** The decision, and then the state that follows from it, as one transaction. */
const decideFully = (requestId: string, change: Record<string, string | null>, state: string) =>
  sqlStateOf(() =>
    deps.ownerDb.transaction(async (tx) => {
      await tx.execute(toDecision(requestId, change))
      await tx.execute(
        sql`UPDATE control_plane.request SET state = ${state}, version = 2, state_since = clock_timestamp() WHERE request_id = ${requestId}`,
      )
    }),
  )
const askForFiles = async (paths: string[], run: object = {}) =>
  (await askGovernance(deps, { run_id: await startOwnRun(deps, run), paths })).approval_ref.id
const ask = async () => (await askApproval(deps)).approval_ref.id

describe('the database', () => {
  it('lets a request go only where its decision says, and from no end', async () => {
    for (const state of states) {
      const id = await ask()
      const moved = sql`UPDATE control_plane.request SET state = ${state}, version = 2, state_since = clock_timestamp() WHERE request_id = ${id}`
      expect([state, await stateOf(moved)]).toEqual([state, '23514'])
      expect([state, await decideFully(id, {}, state)]).toEqual([state, state === 'APPROVED' ? null : '23514'])
      if (state !== 'APPROVED') expect(await decideFully(id, { kind: 'reject', reject_kind: 'never' }, 'REJECTED')).toBe(null)
      for (const later of states) {
        const again = sql`UPDATE control_plane.request SET state = ${later}, version = 3, state_since = clock_timestamp() WHERE request_id = ${id}`
        expect([later, await stateOf(again)]).toEqual([later, '23514'])
      }
    }
  })

  it('keeps a request from expiring before its time, and after a decision', async () => {
    const id = await ask()
    const expire = (when: SQL) =>
      stateOf(sql`UPDATE control_plane.request SET state = 'EXPIRED', version = 2, state_since = ${when} WHERE request_id = ${id}`)
    expect(await expire(sql`decide_by - interval '1 millisecond'`)).toBe('23514')
    expect(await expire(sql`decide_by`)).toBe(null)
    expect(await stateOf(toDecision(id))).toBe('23514')
  })

  it('takes one decision about a request, and none that leaves it pending', async () => {
    const id = await ask()
    expect(await stateOf(toDecision(id))).toBe('23514')
    expect(await decideFully(id, {}, 'APPROVED')).toBe(null)
    expect(await stateOf(toDecision(id, { kind: 'reject', reject_kind: 'never' }))).toBe('23514')
    const second = sql`INSERT INTO control_plane.request_decision SELECT ${`dec_${randomUUID()}`}, request_id, body_sha256, decided_by, kind, reject_kind, field,
      reason, operator_id, operator_role, sid_hash, amr, request_ref, decided_at FROM control_plane.request_decision WHERE request_id = ${id}`
    expect(await stateOf(second)).toBe('23514')
  })

  it('binds a decision to the bytes of the request', async () => {
    expect(await decideFully(await ask(), { body_sha256: 'ee'.repeat(32) }, 'APPROVED')).toBe('23503')
  })

  it('takes decisions of enabled approvers only, with the role they have', async () => {
    const disabled = await deps.addOperator({ name: `gone-${randomUUID()}`, role: 'approver', enabled: false })
    const wrongs: Record<string, string>[] = [
      { operator_id: deps.operatorIds.viewer, operator_role: 'viewer' },
      { operator_id: deps.operatorIds.viewer, operator_role: 'approver' },
      { operator_role: 'admin' },
      { operator_id: disabled },
    ]
    for (const change of wrongs) expect(await decideFully(await ask(), change, 'APPROVED')).toBe('23514')
    expect(await decideFully(await ask(), { operator_id: null }, 'APPROVED')).toBe('23514')
  })

  it('takes no approval of whoever asked for the run, by id or by name, and takes their no', async () => {
    for (const started_by of [deps.operatorIds.approver, ...spellingsOfApprover]) {
      const id = await askForFiles(['docs/a.md'], { started_by })
      expect(await decideFully(id, {}, 'APPROVED')).toBe('23514')
      expect(await decideFully(id, { kind: 'reject', reject_kind: 'never' }, 'REJECTED')).toBe(null)
    }
  })

  it('takes the approval of whoever asked for the run where it is marked and nobody else may approve, and nowhere else', async () => {
    const { admin } = deps.operatorIds
    // In capitals: what compares letter by letter does not see it, so that nothing stands beside the rule that is in force.
    const askOwn = () => askForFiles(['docs/a.md'], { started_by: admin.toUpperCase() })
    const own = { operator_id: admin, operator_role: 'admin' }
    const setOthers = (enabled: boolean) =>
      deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = ${enabled} WHERE operator_id = ${deps.operatorIds.approver}`)
    expect(await decideFully(await askOwn(), { ...own, sole_operator: 'true' }, 'APPROVED')).toBe('23514')
    await setOthers(false)
    try {
      expect(await decideFully(await askOwn(), own, 'APPROVED')).toBe('23514')
      expect(await decideFully(await askOwn(), { ...own, sole_operator: 'true', kind: 'ask_change' }, 'CHANGE_ASKED')).toBe('23514')
      expect(await decideFully(await askOwn(), { ...own, sole_operator: 'true' }, 'APPROVED')).toBe(null)
    } finally {
      await setOthers(true)
    }
  })

  it('takes no approval under the brake', async () => {
    const id = await ask()
    await setBrake(deps, true)
    try {
      expect(await decideFully(id, {}, 'APPROVED')).toBe('23514')
      expect(await decideFully(id, { kind: 'reject', reject_kind: 'never' }, 'REJECTED')).toBe(null)
    } finally {
      await setBrake(deps, false)
    }
  })

  it('lets no policy approve a protected path, a request of another kind, or deny what is not denied', async () => {
    for (const paths of [['docs/a.md'], ['examples/a.py', 'src/autopack/models.py'], ['examples/a.py']])
      expect([paths, await decideFully(await askForFiles(paths), byPolicy, 'APPROVED')]).toEqual([
        paths,
        paths.length === 1 && paths[0] === 'examples/a.py' ? null : '23514',
      ])
    expect(await decideFully(await ask(), byPolicy, 'APPROVED')).toBe('23514')
    expect(await decideFully(await askForFiles(['docs/a.md']), { ...byPolicy, kind: 'reject' }, 'REJECTED')).toBe('23514')
    // Whatever the code above it says of the path.
    const wrong = await askForFiles(['docs/a.md'])
    const lie = JSON.stringify([{ path: 'docs/a.md', normal: 'docs/a.md', verdict: 'automatic', why: '' }])
    const lied = `gov_${randomUUID().slice(0, 8)}`
    await deps.db
      .execute(sql`INSERT INTO control_plane.request (request_id, kind, executor_id, run_id, known_run_id, phase_id, context, body, title, sentence, risk_score,
      risk_level, risk_contributions, paths, policy_version, policy_sha256, policy_reason, requested_at, requested_key_id, decide_by, state_since, idempotency_key)
      SELECT ${lied}, kind, executor_id, run_id, known_run_id, phase_id, context, body, title, sentence, risk_score, risk_level, risk_contributions, ${lie}::jsonb,
      policy_version, policy_sha256, policy_reason, requested_at, requested_key_id, decide_by, state_since, ${lied} FROM control_plane.request WHERE request_id = ${wrong}`)
    expect(await decideFully(lied, byPolicy, 'APPROVED')).toBe('23514')
  })

  it('changes nothing of what was asked, and neither changes nor forgets a decision', async () => {
    const asked = await askApproval(deps)
    const id = asked.approval_ref.id
    await expectStatus(await decideAsked(deps, 'approver', asked, rejection), 200)
    const open = await ask()
    expect(await stateOf(sql`UPDATE control_plane.request SET body = '\\x7b7d', version = 2 WHERE request_id = ${open}`)).toBe('23514')
    expect(await stateOf(sql`UPDATE control_plane.request SET sentence = 'another' WHERE request_id = ${open}`)).toBe('23514')
    expect(await stateOf(sql`DELETE FROM control_plane.request WHERE request_id = ${open}`)).toBe('42501')
    expect(await stateOf(sql`UPDATE control_plane.request_decision SET reason = 'another' WHERE request_id = ${id}`)).toBe('42501')
    expect(await stateOf(sql`DELETE FROM control_plane.request_decision WHERE request_id = ${id}`)).toBe('42501')
    expect(await stateOf(sql`TRUNCATE control_plane.request_decision`)).toBe('42501')
  })
})
