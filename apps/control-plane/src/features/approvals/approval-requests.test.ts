import { randomUUID } from 'node:crypto'
import { requestApproval } from '@autopack/contract/approval-requests'
import { getApprovalStatus, listPendingApprovals } from '@autopack/contract/approval-requests'
import { pendingRequestsPerExecutor } from '@autopack/contract/limits'
import type { Problem } from '@autopack/contract/problems'
import type { AnswerOf } from '@autopack/contract/route'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, listAuditOf, outcomeOf, setBrake } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { spellingsOfApprover } from '../../test/spellings-of-approver.ts'
import { askApproval, decideAsked, rejection, showApproval, startOwnRun, toQuestion } from '../../test/request-story.ts'
import type { AskedApproval } from '../../test/request-story.ts'
import { sweepRequests } from './sweep-requests.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
afterAll(() => deps.close())
// An executor has only so many open at once.
afterEach(async () => {
  aheadSeconds = 86_401
  await sweepRequests(deps)
  aheadSeconds = 0
})

type Status = AnswerOf<typeof getApprovalStatus>
const statusOf = async ({ approval_id }: AskedApproval, key?: string) =>
  (await expectStatus(await deps.asExecutor(key).get(`/approval/status/${approval_id}`), 200)) as Status
const pendingOf = async (key?: string) =>
  (await expectStatus(await deps.asExecutor(key).get('/approval/pending'), 200)) as AnswerOf<typeof listPendingApprovals>
const typesOf = async (asked: AskedApproval) => (await listAuditOf(deps, asked.approval_ref.id)).map(({ event_type }) => event_type)

describe('asking, as an executor of today does it', () => {
  it('200: answers with the number, the words and the moments it knows', async () => {
    const asked = await askApproval(deps)
    expect(asked).toMatchObject({
      status: 'pending',
      reason: 'Awaiting human approval (timeout in 15 minutes, default: reject)',
      approval_id: expect.any(Number) as number,
      telegram_sent: false,
      timeout_at: expect.stringMatching(/Z$/) as string,
    })
    expect(await statusOf(asked)).toMatchObject({
      approval_id: asked.approval_id,
      run_id: 'demo-run-20260101-000000',
      phase_id: 'F1.1',
      status: 'pending',
      responded_at: null,
      timeout_at: asked.timeout_at,
      approval_reason: null,
      rejected_reason: null,
      response_method: null,
    })
    expect(await typesOf(asked)).toEqual(['approval_request.requested'])
  })

  it('200: takes what such executors send: no context, null maps, members nobody knows', async () => {
    const asked = await askApproval(deps, { context: undefined, decision_info: null, deletion_info: null, patch_preview: `+ ${randomUUID()}` })
    const shown = await showApproval(deps, 'approver', asked)
    expect(shown).toMatchObject({ context: 'unknown', run_name: null, title: 'unknown' })
    expect(shown.body_text).toContain('patch_preview')
    expect(shown.findings.map(({ code }) => code)).toEqual(['effect_not_checked', 'unknown_run', 'unknown_members'])
    expect((await pendingOf()).requests.find(({ id }) => id === asked.approval_id)).toMatchObject({
      decision_info: null,
      deletion_info: null,
      context: 'unknown',
    })
  })

  it.each([
    ['no run', { run_id: undefined }],
    ['no phase', { phase_id: undefined }],
    ['a run of no letters', { run_id: '' }],
    ['a map that is a list', { decision_info: [] }],
    ['a NUL in the context', { context: 'a\0b' }],
    ['a map nested without end', { decision_info: JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as object }],
  ])('400 for %s, where such servers answered 500', async (_, change) => {
    const answer = await deps.asExecutor().post('/approval/request', toQuestion(change))
    expect(await outcomeOf(answer)).toEqual({ status: 400, code: 'invalid_request' })
  })

  it('403 for a key without the scope', async () => {
    const other = await deps.addExecutor({ name: 'no-questions', scopes: ['runs:read', 'actions:propose'] })
    for (const answer of [
      await deps.asExecutor(other.key).post('/approval/request', toQuestion()),
      await deps.asExecutor(other.key).get('/approval/pending'),
      await deps.asExecutor(other.key).get('/approval/status/1'),
    ])
      expect(await outcomeOf(answer)).toEqual({ status: 403, code: 'scope_missing' })
  })

  it('404 for the number of another executor, which can be guessed', async () => {
    const asked = await askApproval(deps)
    const other = await deps.addExecutor({ name: 'guesser' })
    const answer = await deps.asExecutor(other.key).get(`/approval/status/${asked.approval_id}`)
    expect(await outcomeOf(answer.clone())).toEqual({ status: 404, code: 'not_found' })
    expect(((await answer.json()) as Problem).detail).toBe(`Approval request #${asked.approval_id} not found`)
    expect((await pendingOf(other.key)).count).toBe(0)
  })

  it('413 for a body that no person reads', async () => {
    const answer = await deps.asExecutor().post('/approval/request', toQuestion({ patch_preview: 'x'.repeat(200_000) }))
    expect(await outcomeOf(answer)).toEqual({ status: 413, code: 'body_too_large' })
  })

  it('429 once as many wait as may, with an event in the audit log', async () => {
    const busy = await deps.addExecutor({ name: 'busy' })
    for (let nth = 0; nth < pendingRequestsPerExecutor; nth += 1) await askApproval(deps, {}, busy.key)
    const answer = await deps.asExecutor(busy.key).post('/approval/request', toQuestion())
    expect(await outcomeOf(answer)).toEqual({ status: 429, code: 'too_many_pending' })
    const found = await deps.db.execute(
      sql`SELECT event_type FROM control_plane.audit_event WHERE auth_principal_id = ${busy.executorId} ORDER BY seq DESC LIMIT 1`,
    )
    expect(found.rows).toEqual([{ event_type: 'approval_request.refused' }])
    expect((await pendingOf(busy.key)).count).toBe(pendingRequestsPerExecutor)
  })
})

describe('the same question again', () => {
  const ask = async (text: string) => (await expectStatus(await deps.asExecutor().post('/approval/request', text), 200)) as AskedApproval

  it('is the same request while it waits, and for a minute after it was decided', async () => {
    const text = JSON.stringify(toQuestion())
    const first = await ask(text)
    expect((await ask(text)).approval_id).toBe(first.approval_id)
    await expectStatus(await decideAsked(deps, 'approver', first), 200)
    expect(await ask(text)).toMatchObject({ approval_id: first.approval_id, status: 'approved' })
    aheadSeconds = 61
    try {
      const later = await ask(text)
      expect(later).toMatchObject({ status: 'pending' })
      expect(later.approval_id).not.toBe(first.approval_id)
    } finally {
      aheadSeconds = 0
    }
  })

  it('is another one when anything of it differs, or when it timed out', async () => {
    const question = toQuestion()
    const first = await ask(JSON.stringify(question))
    for (const other of [
      { ...question, run_id: 'other' },
      { ...question, phase_id: 'F2' },
      { ...question, context: 'general' },
      { ...question, more: 1 },
    ])
      expect((await ask(JSON.stringify(other))).approval_id).not.toBe(first.approval_id)
    const stranger = await deps.addExecutor({ name: 'asks-the-same' })
    const theirs = await deps.asExecutor(stranger.key).post('/approval/request', JSON.stringify(question))
    expect(((await expectStatus(theirs, 200)) as AskedApproval).approval_id).not.toBe(first.approval_id)
    aheadSeconds = 900
    try {
      expect((await ask(JSON.stringify(question))).approval_id).not.toBe(first.approval_id)
    } finally {
      aheadSeconds = 0
    }
  })

  it('makes one request of two that come at once', async () => {
    const text = JSON.stringify(toQuestion())
    const both = await Promise.all([ask(text), ask(text)])
    expect(both[0].approval_id).toBe(both[1].approval_id)
  })
})

describe('what a poller reads', () => {
  it('approved: with who and why', async () => {
    const asked = await askApproval(deps)
    await expectStatus(await decideAsked(deps, 'approver', asked, { reason: 'Go on.' }), 200)
    expect(await statusOf(asked)).toMatchObject({
      status: 'approved',
      approval_reason: 'Approved by approver: Go on.',
      rejected_reason: null,
      response_method: 'dashboard',
      responded_at: expect.stringMatching(/Z$/) as string,
      change_request: null,
    })
    expect((await pendingOf()).requests.map(({ id }) => id)).not.toContain(asked.approval_id)
  })

  it('rejected: with the kind of no', async () => {
    const asked = await askApproval(deps)
    await expectStatus(await decideAsked(deps, 'approver', asked, { ...rejection, reject_kind: 'never', reason: 'Not this.' }), 200)
    expect(await statusOf(asked)).toMatchObject({
      status: 'rejected',
      reject_kind: 'never',
      rejected_reason: 'Rejected by approver (never): Not this.',
      approval_reason: null,
    })
  })

  it('asked to be changed: a no it understands, with what to change beside it', async () => {
    const asked = await askApproval(deps)
    await expectStatus(
      await decideAsked(deps, 'approver', asked, { kind: 'ask_change', field: '/decision_info/files_count', reason: 'Fewer files.' }),
      200,
    )
    expect(await statusOf(asked)).toMatchObject({
      status: 'rejected',
      rejected_reason: 'Change asked by approver at /decision_info/files_count: Fewer files.',
      change_request: { field: '/decision_info/files_count', reason: 'Fewer files.' },
      response_method: 'dashboard',
    })
  })

  it('timed out: a no by the database clock, before any sweep and after it', async () => {
    const asked = await askApproval(deps)
    const timedOut = {
      status: 'rejected',
      response_method: 'timeout',
      responded_at: asked.timeout_at,
      rejected_reason: 'Timed out: nobody decided in time.',
    }
    aheadSeconds = 900
    try {
      expect(await statusOf(asked)).toMatchObject(timedOut)
      expect((await pendingOf()).requests.map(({ id }) => id)).not.toContain(asked.approval_id)
      await sweepRequests(deps)
      expect(await statusOf(asked)).toMatchObject(timedOut)
      expect(await typesOf(asked)).toEqual(['approval_request.requested', 'approval_request.expired'])
    } finally {
      aheadSeconds = 0
    }
  })

  it('is approved by nothing but a person, whatever the environment says', async () => {
    process.env['AUTO_APPROVE_BUILD113'] = 'true'
    try {
      expect(await askApproval(deps)).toMatchObject({ status: 'pending' })
    } finally {
      delete process.env['AUTO_APPROVE_BUILD113']
    }
  })
})

describe('deciding', () => {
  it('200: binds who, how and why to the bytes, and tells the audit log', async () => {
    const asked = await askApproval(deps)
    const shown = await showApproval(deps, 'approver', asked)
    expect(shown).toMatchObject({
      state: 'PENDING',
      body_sha256: asked.body_sha256,
      allowed_actions: [{ allowed: true }, { allowed: true }, { allowed: true }],
    })
    const decided = await expectStatus(await decideAsked(deps, 'approver', asked), 200)
    expect(decided).toMatchObject({
      state: 'APPROVED',
      version: 2,
      decided_by: { name: 'approver' },
      decisions: [
        {
          kind: 'approve',
          reason: 'It is what I asked for.',
          body_sha256: asked.body_sha256,
          decided_by: { operator_id: deps.operatorIds.approver },
        },
      ],
    })
    const [, event] = await listAuditOf(deps, asked.approval_ref.id)
    expect(event).toMatchObject({
      event_type: 'approval_request.approved',
      result_status: 'APPROVED',
      approved_by: [deps.operatorIds.approver],
      requested_by: deps.executor.executorId,
      payload_hash: asked.body_sha256,
      approval_ref: asked.approval_ref,
      reason: 'It is what I asked for.',
    })
  })

  it('tells the live streams of those who may see it', async () => {
    const asked = await askApproval(deps)
    await expectStatus(await decideAsked(deps, 'approver', asked), 200)
    const found = await deps.db.execute(
      sql`SELECT type, version, executor_id FROM control_plane.event WHERE resource_id = ${asked.approval_ref.id} ORDER BY id`,
    )
    const executor_id = deps.executor.executorId
    expect(found.rows).toEqual([1, 2].map((version) => ({ type: 'approval_request.changed', version, executor_id })))
  })

  const wrongs: [words: string, who: string, change: object, status: number, code: string][] = [
    ['other bytes', 'approver', { body_sha256: 'e'.repeat(64) }, 409, 'hash_mismatch'],
    ['other bytes, with a no', 'approver', { ...rejection, body_sha256: 'e'.repeat(64) }, 409, 'hash_mismatch'],
    ['a viewer', 'viewer', {}, 403, 'role_missing'],
    ['no reason', 'approver', { reason: ' ' }, 400, 'invalid_request'],
    ['a no of no kind', 'approver', { ...rejection, reject_kind: undefined }, 400, 'invalid_request'],
    ['a pointer that is none', 'approver', { kind: 'ask_change', field: 'x' }, 400, 'invalid_request'],
  ]
  it.each(wrongs)('refuses %s, changes nothing and keeps the refusal in the audit log', async (_, who, change, status, code) => {
    const asked = await askApproval(deps)
    expect(await outcomeOf(await decideAsked(deps, who, asked, change))).toEqual({ status, code })
    expect(await showApproval(deps, 'admin', asked)).toMatchObject({ state: 'PENDING', decisions: [] })
    const [, event] = await listAuditOf(deps, asked.approval_ref.id)
    expect(event).toMatchObject({ result_status: 'refused', error_code: code, approval_ref: asked.approval_ref })
  })

  it.each(spellingsOfApprover)('403 to whoever asked for the run, written as %j, who may still reject', async (started_by) => {
    const run_id = await startOwnRun(deps, { started_by })
    const asked = await askApproval(deps, { run_id })
    expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 403, code: 'self_approval' })
    expect((await showApproval(deps, 'approver', asked)).allowed_actions).toMatchObject([{ allowed: false }, { allowed: true }, { allowed: true }])
    await expectStatus(await decideAsked(deps, 'approver', asked, rejection), 200)
  })

  it('200: names who may approve it: nobody who asked for the run, and nobody who may not see it; once it is decided, nobody', async () => {
    const namesOf = async (asked: AskedApproval) =>
      (await showApproval(deps, 'admin', asked)).still_needed.map(({ people }) => people.map(({ name }) => name))
    const shared = await askApproval(deps, { run_id: await startOwnRun(deps, { started_by: 'approver' }) })
    expect((await namesOf(shared)).flat()).toContain('admin')
    expect((await namesOf(shared)).flat()).not.toContain('approver')
    await expectStatus(await decideAsked(deps, 'approver', shared, rejection), 200)
    expect(await namesOf(shared)).toEqual([])
    const hidden = await deps.addExecutor({ name: 'seen-by-admins', ownerOperatorId: deps.operatorIds.admin, sharedWithEveryone: false })
    expect(await namesOf(await askApproval(deps, {}, hidden.key))).toEqual([['admin']])
  })

  it('404 to a stranger, who could guess the number, and to their decision', async () => {
    const owned = await deps.addExecutor({ name: 'private', ownerOperatorId: deps.operatorIds.approver })
    const asked = await askApproval(deps, {}, owned.key)
    const stranger = await deps.addOperator({ name: 'stranger', role: 'approver' })
    expect(await outcomeOf(await deps.asOperator(stranger).get(`/operator/approvals/${asked.approval_ref.id}`))).toEqual({
      status: 404,
      code: 'not_found',
    })
    expect(await outcomeOf(await decideAsked(deps, stranger, asked))).toEqual({ status: 404, code: 'not_found' })
    expect(await showApproval(deps, 'approver', asked)).toMatchObject({ state: 'PENDING' })
    expect(await outcomeOf(await deps.asOperator('admin').get('/operator/approvals/apr_999999999'))).toEqual({ status: 404, code: 'not_found' })
  })

  it('409 to the second person, with who was first', async () => {
    const asked = await askApproval(deps)
    await expectStatus(await decideAsked(deps, 'approver', asked), 200)
    const answer = await decideAsked(deps, 'admin', asked, rejection)
    expect(answer.status).toBe(409)
    expect(await answer.json()).toMatchObject({
      code: 'already_decided',
      detail: 'approver approved this already.',
      decided_by: { operator_id: deps.operatorIds.approver, name: 'approver' },
      decision_kind: 'approve',
    })
  })

  it('lets one of two win who decide at once, and tells the other', async () => {
    const asked = await askApproval(deps)
    const answers = await Promise.all([decideAsked(deps, 'approver', asked), decideAsked(deps, 'admin', asked, rejection)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  it('409 after its time, which ends it at once', async () => {
    const asked = await askApproval(deps)
    aheadSeconds = 900
    try {
      expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 409, code: 'expired' })
      expect(await typesOf(asked)).toEqual(['approval_request.requested', 'approval_request.expired', 'approval_request.decision_refused'])
    } finally {
      aheadSeconds = 0
    }
    expect(await showApproval(deps, 'approver', asked)).toMatchObject({ state: 'EXPIRED', decided_by: null })
  })

  it('409 while the brake is engaged, and rejects all the same', async () => {
    const asked = await askApproval(deps)
    await setBrake(deps, true)
    try {
      expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 409, code: 'brake_engaged' })
      await expectStatus(await decideAsked(deps, 'approver', asked, rejection), 200)
    } finally {
      await setBrake(deps, false)
    }
  })

  it('409 while the clock of the database is behind its own log, and rejects all the same', async () => {
    const asked = await askApproval(deps)
    aheadSeconds = -3_600
    try {
      expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 409, code: 'clock_moved_back' })
      await expectStatus(await decideAsked(deps, 'approver', asked, rejection), 200)
    } finally {
      aheadSeconds = 0
    }
  })
})

it('answers exactly the members that the contract names', () => {
  expect(Object.keys(requestApproval.answer.schema.shape)).toEqual(
    expect.arrayContaining(['status', 'reason', 'approval_id', 'telegram_sent', 'timeout_at']),
  )
  expect(Object.keys(getApprovalStatus.answer.schema.shape).slice(0, 10)).toEqual([
    'approval_id',
    'run_id',
    'phase_id',
    'status',
    'requested_at',
    'responded_at',
    'timeout_at',
    'approval_reason',
    'rejected_reason',
    'response_method',
  ])
  expect(Object.keys(listPendingApprovals.answer.schema.shape)).toEqual(['count', 'requests'])
})
