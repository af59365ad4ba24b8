import { randomUUID } from 'node:crypto'
import type { GovernanceRequest, GovernanceStatus, listPendingGovernance } from '@autopack/contract/governance'
import { pendingRequestsPerExecutor } from '@autopack/contract/limits'
import type { AnswerOf } from '@autopack/contract/route'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectStatus, listAuditOf, outcomeOf, setBrake } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { spellingsOfApprover } from '../../test/spellings-of-approver.ts'
import { askGovernance, decideAsked, pathOf, rejection, sendGovernance, startOwnRun } from '../../test/request-story.ts'
import { sweepRequests } from './sweep-requests.ts'

let deps: TestDeps
let run_id: string
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
afterAll(() => deps.close())
beforeEach(async () => {
  run_id = await startOwnRun(deps)
})
afterEach(async () => {
  aheadSeconds = 172_800
  await sweepRequests(deps)
  aheadSeconds = 0
})

const needsPeople = ['src/autopack/models.py', 'docs/a.md']
const harmless = { paths: ['examples/a.py'], changed_lines: 3 }
const statusOf = async ({ request_id }: GovernanceStatus, key?: string) =>
  (await expectStatus(await deps.asExecutor(key).get(`/governance/status/${request_id}`), 200)) as GovernanceStatus
const pendingOf = async (key?: string) =>
  (await expectStatus(await deps.asExecutor(key).get('/governance/pending'), 200)) as AnswerOf<typeof listPendingGovernance>
const show = async (asked: GovernanceStatus, who = 'approver') =>
  (await expectStatus(await deps.asOperator(who).get(pathOf(asked)), 200)) as GovernanceRequest

describe('asking to change files', () => {
  it('201: waits for people, and is listed with exactly what such executors know', async () => {
    const asked = await askGovernance(deps, { run_id, paths: needsPeople })
    expect(asked).toMatchObject({
      request_id: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      approval_ref: { kind: 'governance_request', id: `gov_${asked.request_id}` },
      status: 'pending',
      approved: null,
      approved_by: null,
      auto_approved: false,
      risk_level: 'critical',
      paths: [{ verdict: 'people' }, { verdict: 'people' }],
    })
    expect((await pendingOf()).pending_requests).toEqual([
      {
        request_id: asked.request_id,
        run_id,
        phase_id: 'F1',
        requested_paths: needsPeople,
        justification: 'The example is wrong.',
        risk_level: 'critical',
        auto_approved: false,
        approved: null,
        approved_by: null,
        created_at: asked.created_at,
      },
    ])
    expect(await listAuditOf(deps, asked.approval_ref.id)).toMatchObject([
      { event_type: 'governance_request.requested', result_status: 'ok', run_id },
    ])
  })

  it('201: the same key finds the same request and its answer, and stands for no other', async () => {
    const idempotencyKey = randomUUID()
    const asked = await askGovernance(deps, { run_id, paths: needsPeople, idempotencyKey })
    await expectStatus(await decideAsked(deps, 'approver', asked), 200)
    expect(await askGovernance(deps, { run_id, paths: needsPeople, idempotencyKey })).toMatchObject({ request_id: asked.request_id, approved: true })
    const other = await sendGovernance(deps, { run_id, paths: ['docs/b.md'], idempotencyKey })
    expect(await outcomeOf(other)).toEqual({ status: 409, code: 'idempotency_key_reused' })
  })

  it('400 without a key, with a member nobody knows, and without paths', async () => {
    const body = { run_id, phase_id: 'F1', requested_paths: ['docs/a.md'], justification: 'x' }
    expect(await outcomeOf(await deps.asExecutor().post('/governance/request', body))).toEqual({ status: 400, code: 'idempotency_key_required' })
    for (const wrong of [
      { ...body, risk_level: 'low' },
      { ...body, requested_paths: [] },
    ])
      expect(await outcomeOf(await deps.asExecutor().post('/governance/request', wrong, { 'idempotency-key': 'k' }))).toEqual({
        status: 400,
        code: 'invalid_request',
      })
  })

  it('403 for a key without the scope', async () => {
    const other = await deps.addExecutor({ name: 'no-files', scopes: ['runs:read', 'runs:write'] })
    expect(await outcomeOf(await sendGovernance(deps, { run_id, paths: needsPeople, key: other.key }))).toEqual({
      status: 403,
      code: 'scope_missing',
    })
  })

  it("404 for another executor's run, and for another executor's request", async () => {
    const other = await deps.addExecutor({ name: 'other-files' })
    expect(await outcomeOf(await sendGovernance(deps, { run_id, paths: needsPeople, key: other.key }))).toEqual({ status: 404, code: 'not_found' })
    const asked = await askGovernance(deps, { run_id, paths: needsPeople })
    expect(await outcomeOf(await deps.asExecutor(other.key).get(`/governance/status/${asked.request_id}`))).toEqual({
      status: 404,
      code: 'not_found',
    })
    expect((await pendingOf(other.key)).count).toBe(0)
  })

  it('429 once as many wait as may; what the policy decides does not wait', async () => {
    for (let nth = 0; nth < pendingRequestsPerExecutor; nth += 1) await askGovernance(deps, { run_id, paths: needsPeople })
    expect(await outcomeOf(await sendGovernance(deps, { run_id, paths: needsPeople }))).toEqual({ status: 429, code: 'too_many_pending' })
    expect(await askGovernance(deps, { run_id, ...harmless })).toMatchObject({ status: 'approved' })
  })
})

describe('what the policy decides by itself', () => {
  it('approves harmless paths, and says in the log and on the page that no person did', async () => {
    const asked = await askGovernance(deps, { run_id, ...harmless })
    expect(asked).toMatchObject({ status: 'approved', approved: true, auto_approved: true, approved_by: 'policy', response_method: 'policy' })
    expect(await show(asked)).toMatchObject({ state: 'APPROVED', authorized_by: 'policy', decided_by: null, decisions: [], policy: { version: 1 } })
    expect(await listAuditOf(deps, asked.approval_ref.id)).toMatchObject([
      {
        event_type: 'governance_request.approved_by_policy',
        result_status: 'APPROVED',
        approved_by: [],
        reason: expect.stringContaining('Decided by governance@1; no person did.') as string,
        descriptor_version: 'governance@1',
      },
    ])
    expect((await pendingOf()).count).toBe(0)
    expect(await outcomeOf(await decideAsked(deps, 'approver', asked, rejection))).toEqual({ status: 409, code: 'already_decided' })
  })

  it('denies the whole request for one path that nobody may change', async () => {
    const asked = await askGovernance(deps, { run_id, paths: ['examples/a.py', '../../etc/passwd'], changed_lines: 3 })
    expect(asked).toMatchObject({
      status: 'denied',
      approved: false,
      response_method: 'policy',
      paths: [{ verdict: 'automatic' }, { verdict: 'denied' }],
    })
    expect(await show(asked)).toMatchObject({ state: 'REJECTED', authorized_by: 'policy' })
    expect(await listAuditOf(deps, asked.approval_ref.id)).toMatchObject([{ event_type: 'governance_request.denied_by_policy' }])
  })

  it.each([
    ['one path that needs a person', { paths: ['examples/a.py', 'tests/test_a.py'], changed_lines: 3 }],
    ['a protected path behind dots', { paths: ['examples/../docs/a.md'], changed_lines: 3 }],
    ['a protected path in capitals', { paths: ['DOCS/a.md'], changed_lines: 3 }],
    ['lines that nobody counted', { paths: ['examples/a.py'] }],
    ['too many lines', { paths: ['examples/a.py'], changed_lines: 201 }],
  ])('waits for people with %s', async (_, change) => {
    expect(await askGovernance(deps, { run_id, ...change })).toMatchObject({ status: 'pending', auto_approved: false })
  })

  it('approves nothing while the brake is engaged', async () => {
    await setBrake(deps, true)
    try {
      expect(await askGovernance(deps, { run_id, ...harmless })).toMatchObject({ status: 'pending' })
    } finally {
      await setBrake(deps, false)
    }
  })

  it('takes paths that no database keeps as text, and denies them', async () => {
    const asked = await askGovernance(deps, { run_id, paths: ['examples/\0.py', 'examples/\ud800'], changed_lines: 1 })
    expect(asked).toMatchObject({ status: 'denied', paths: [{ path: 'examples/\ufffd.py' }, { path: 'examples/\ufffd' }] })
  })
})

describe('deciding', () => {
  it('approved: bound to the bytes, with who, and readable by its executor', async () => {
    const asked = await askGovernance(deps, { run_id, paths: needsPeople })
    expect(await expectStatus(await decideAsked(deps, 'approver', asked, { reason: 'Fine.' }), 200)).toMatchObject({
      state: 'APPROVED',
      authorized_by: 'people',
      decided_by: { name: 'approver' },
    })
    expect(await statusOf(asked)).toMatchObject({
      status: 'approved',
      approved: true,
      auto_approved: false,
      approved_by: 'approver',
      reason: 'Approved by approver: Fine.',
      response_method: 'dashboard',
    })
    expect((await listAuditOf(deps, asked.approval_ref.id))[1]).toMatchObject({
      event_type: 'governance_request.approved',
      approved_by: [deps.operatorIds.approver],
      payload_hash: asked.body_sha256,
    })
  })

  it('denied: rejected, asked to be changed, or timed out', async () => {
    const rejected = await askGovernance(deps, { run_id, paths: needsPeople })
    await expectStatus(await decideAsked(deps, 'approver', rejected, rejection), 200)
    expect(await statusOf(rejected)).toMatchObject({ status: 'denied', approved: false, approved_by: null, change_request: null })
    const changed = await askGovernance(deps, { run_id, paths: needsPeople })
    await expectStatus(await decideAsked(deps, 'admin', changed, { kind: 'ask_change', field: '/requested_paths/0', reason: 'Not this one.' }), 200)
    expect(await statusOf(changed)).toMatchObject({
      status: 'denied',
      change_request: { field: '/requested_paths/0', reason: 'Not this one.', asked_by: { name: 'admin' } },
    })
    const late = await askGovernance(deps, { run_id, paths: needsPeople })
    aheadSeconds = 86_400
    expect(await statusOf(late)).toMatchObject({ status: 'denied', approved: false, response_method: 'timeout' })
    expect(await outcomeOf(await decideAsked(deps, 'approver', late))).toEqual({ status: 409, code: 'expired' })
  })

  it('403 to whoever asked for the run, 404 to a stranger, 409 for other bytes', async () => {
    for (const started_by of spellingsOfApprover) {
      const asked = await askGovernance(deps, { run_id: await startOwnRun(deps, { started_by }), paths: needsPeople })
      expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 403, code: 'self_approval' })
    }
    const own = await startOwnRun(deps, { started_by: deps.operatorIds.approver })
    const asked = await askGovernance(deps, { run_id: own, paths: needsPeople })
    expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 403, code: 'self_approval' })
    expect(await outcomeOf(await decideAsked(deps, 'admin', asked, { body_sha256: 'e'.repeat(64) }))).toEqual({ status: 409, code: 'hash_mismatch' })
    const owned = await deps.addExecutor({ name: 'private-files', ownerOperatorId: deps.operatorIds.approver })
    const theirs = await askGovernance(deps, { run_id: await startOwnRun(deps, {}, owned.key), paths: needsPeople, key: owned.key })
    const stranger = await deps.addOperator({ name: 'stranger-to-files', role: 'approver' })
    expect(await outcomeOf(await deps.asOperator(stranger).get(pathOf(theirs)))).toEqual({ status: 404, code: 'not_found' })
    expect(await outcomeOf(await decideAsked(deps, stranger, theirs))).toEqual({ status: 404, code: 'not_found' })
    const audit = await deps.db.execute(sql`SELECT executor_id FROM control_plane.audit_event WHERE approval_ref_id = ${theirs.approval_ref.id}`)
    expect(new Set(audit.rows.map((row) => (row as { executor_id: string | null }).executor_id))).toContain(owned.executorId)
  })
})
