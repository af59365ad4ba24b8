import { randomUUID } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { AuditEvent } from '@autopack/contract/audit'
import type { Problem } from '@autopack/contract/problems'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everythingOn, expectStatus, listAuditOf, outcomeOf, propose, sendProposal, toListing } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

async function countActions(): Promise<number> {
  const found = await deps.db.execute(sql`SELECT count(*)::int AS count FROM control_plane.external_action`)
  return (found.rows[0] as { count: number }).count
}

async function newestRefusal(): Promise<AuditEvent> {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  const event = JSON.parse((found.rows[0] as { event: string }).event) as AuditEvent
  expect(event).toMatchObject({ event_type: 'external_action.proposal_refused', result_status: 'refused', auth_principal_type: 'executor' })
  return event
}

describe('proposing', () => {
  it('computes tier, target, risk and coverage from the bytes, and fixes the deadline', async () => {
    const action = await propose(deps)
    expect(action).toMatchObject({
      state: 'PENDING',
      revision: 1,
      version: 1,
      tier: 'C',
      blind: false,
      mode: 'live',
      provider: 'demo_shop',
      decisions: [],
      execution: null,
    })
    expect(action.descriptor).toMatchObject({ id: 'demo_shop.create_listing', version: 3 })
    const shown = await expectStatus(await deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}`), 200)
    expect(shown).toMatchObject({
      target: 'demo_shop/demo-shop',
      kill_switch: 'DEMO_SHOP_PUBLISH',
      cost: { amount_minor: 20, currency: 'USD' },
      payload_size_bytes: Buffer.byteLength(action.payload),
      slots: [{ role: 'approver', filled_by: null }],
      allowed_actions: [
        { action: 'approve', allowed: false, why: 'Viewers cannot approve. Ask an approver or an admin.' },
        { action: 'reject', allowed: false, why: 'Viewers cannot reject. Ask an approver or an admin.' },
        { action: 'ask_change', allowed: false, why: 'Viewers cannot ask for a change. Ask an approver or an admin.' },
        { action: 'revoke', allowed: false, why: 'Nothing is approved that could be taken back. An approver may reject it.' },
        { action: 'veto', allowed: false, why: 'Nothing is approved that could be taken back. An approver may reject it.' },
        { action: 'resolve', allowed: false, why: 'Viewers cannot say what came of it. Ask an approver or an admin.' },
      ],
    })
    expect((await listAuditOf(deps, action.action_id))[0]).toMatchObject({
      event_type: 'external_action.proposed',
      auth_principal_type: 'executor',
      requested_by: deps.executor.executorId,
      external_target: 'demo_shop/demo-shop',
      payload_summary: expect.stringContaining('publish «Report'),
      risk_level: expect.any(String),
    })
  })

  it('keeps the bytes exactly as they came, for executor and operator (I-3)', async () => {
    const payload = toListing({}, 'Grüße 🐚 "quoted" \\ </script> \u202e')
    const action = await propose(deps, { payload })
    for (const response of [
      await deps.asExecutor().get(`/external-actions/${action.action_id}/payload`),
      await deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}/payload`),
      await deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}/payload?revision=1`),
    ]) {
      expect(response.headers.get('x-payload-hash')).toBe(action.payload_hash)
      expect(response.headers.get('content-type')).toBe('application/octet-stream')
      expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(payload))).toBe(true)
    }
    expect(await outcomeOf(await deps.asOperator('viewer').get(`/operator/external-actions/${action.action_id}/payload?revision=2`))).toEqual({
      status: 404,
      code: 'not_found',
    })
  })

  const listing = toListing({}, 'a')
  const notCanonical: [words: string, payload: string, rule: string][] = [
    ['a space', listing.replace(':', ': '), 'whitespace'],
    ['keys out of order', `{"v":1,${listing.slice(1).replace(/,"v":1/, '')}`, 'key_order'],
    ['a key twice', `{"cost":null,${listing.slice(1)}`, 'duplicate_key'],
    ['a fraction', listing.replace('1900', '19.5'), 'number_not_integer'],
    ['a number beyond 2^53', listing.replace('1900', '9007199254740993'), 'number_out_of_range'],
    ['minus zero', listing.replace('1900', '-0'), 'negative_zero'],
    ['a needless escape', listing.replace('"a"', String.raw`"\u0061"`), 'string_form'],
    ['a lone surrogate', listing.replace('"a"', String.raw`"\ud800"`), 'lone_surrogate'],
    ['a NUL', listing.replace('"a"', String.raw`"\u0000"`), 'nul'],
    ['__proto__', listing.replace('{"amount_minor":20', '{"__proto__":1,"amount_minor":20'), 'forbidden_key'],
    ['a missing member', listing.replace(/"files":\[\],/, ''), 'missing_member'],
    ['an unknown member', listing.replace('"v":1', '"v":1,"w":1'), 'unknown_member'],
    ['an unknown mode', listing.replace('"live"', '"dry"'), 'wrong_value'],
    ['a path that climbs', listing.replace('/api/listings', '/api/../admin'), 'unsafe_path'],
    ['no JSON', 'publish it', 'not_json'],
    ['nothing', '', 'not_json'],
    ['257 KiB', toListing({}, 'x'.repeat(1000)).replace('x'.repeat(1000), 'x'.repeat(257 * 1024)), 'too_large'],
  ]
  it.each(notCanonical)('refuses %s as not canonical, with rule and place, and stores nothing (I-4)', async (_, payload, rule) => {
    const before = await countActions()
    const response = await sendProposal(deps, { payload })
    expect(response.status).toBe(400)
    expect((await response.json()) as Problem).toMatchObject({ code: 'payload_not_canonical', rule, at: expect.any(String) })
    expect(await countActions()).toBe(before)
    expect(await newestRefusal()).toMatchObject({ error_code: 'payload_not_canonical', error_summary: expect.stringContaining(`(${rule} at `) })
  })

  it.each([
    ['-0', '/request/body/price/amount_minor', 'Write 0 without a minus sign. (negative_zero at /request/body/price/amount_minor, offset 0)', '1900'],
    ['null', '/target/shop', 'A target is an integer or a text of 1 to 500 characters. (wrong_value at /target/shop)', '"demo-shop"'],
  ])('says of %s which rule it breaks, where, and what to do', async (instead, at, words, found) => {
    const payload = toListing({}, 'a').replace(found, instead)
    const problem = (await (await sendProposal(deps, { payload })).json()) as Problem
    const offset = problem.offset === undefined ? 'none' : payload.slice(problem.offset).startsWith(instead)
    expect({ ...problem, offset }).toMatchObject({ at, offset: instead === '-0' ? true : 'none' })
    expect(problem.detail.replace(/offset [0-9]+/, 'offset 0')).toBe(words)
  })

  it('repeats only the beginning of a place that is as long as the payload', async () => {
    const payload = toListing({}, 'a').replace('"title"', `"${'t'.repeat(100_000)}":-0,"title"`)
    const problem = (await (await sendProposal(deps, { payload })).json()) as Problem
    expect(problem.at).toMatch(/^\/request\/body\/t{186}…$/)
    expect(problem.detail.length).toBeLessThan(500)
    expect((await newestRefusal()).error_summary!.length).toBeLessThan(500)
  })

  it('refuses a tier or a hash that is not what the bytes say', async () => {
    expect(await outcomeOf(await sendProposal(deps, { more: { claimed_tier: 'A' } }))).toEqual({ status: 409, code: 'policy_mismatch' })
    expect(await newestRefusal()).toMatchObject({
      error_code: 'policy_mismatch',
      requested_by: deps.executor.executorId,
      provider: 'demo_shop',
      operation: 'create_listing',
      external_target: 'demo_shop/demo-shop',
      payload_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      payload_summary: expect.stringContaining('publish «'),
      idempotency_key: expect.any(String),
      approval_ref: null,
    })
    expect(await outcomeOf(await sendProposal(deps, { more: { payload_hash: 'a'.repeat(64) } }))).toEqual({ status: 409, code: 'hash_mismatch' })
    expect(await newestRefusal()).toMatchObject({ error_code: 'hash_mismatch', payload_hash: null })
    await expectStatus(await sendProposal(deps, { more: { claimed_tier: 'C' } }), 201)
  })

  it('answers the same key with the same action, and refuses it for another proposal', async () => {
    const idempotencyKey = randomUUID()
    const payload = toListing()
    const first = await propose(deps, { payload, idempotencyKey })
    const before = await countActions()
    expect(await propose(deps, { payload, idempotencyKey })).toEqual(first)
    expect(await countActions()).toBe(before)
    expect(await outcomeOf(await sendProposal(deps, { idempotencyKey }))).toEqual({ status: 409, code: 'idempotency_key_reused' })
    expect(await newestRefusal()).toMatchObject({ error_code: 'idempotency_key_reused', idempotency_key: idempotencyKey })
    const missing = await deps.asExecutor().post('/external-actions', { payload })
    expect(await outcomeOf(missing)).toEqual({ status: 400, code: 'idempotency_key_required' })
  })

  it('makes one action of the same proposal sent ten times at once', async () => {
    const idempotencyKey = randomUUID()
    const payload = toListing()
    const answers = await Promise.all(Array.from({ length: 10 }, () => propose(deps, { payload, idempotencyKey })))
    expect(new Set(answers.map((answer) => answer.action_id)).size).toBe(1)
    expect(await listAuditOf(deps, answers[0]!.action_id)).toHaveLength(1)
  })

  it('belongs to an open run of the same executor, which then waits', async () => {
    const runId = `run-${randomUUID()}`
    const started = {
      run: { run_id: runId },
      tiers: [{ tier_id: 't', tier_index: 0, name: 't' }],
      phases: [{ phase_id: 'p', phase_index: 0, tier_id: 't', name: 'p' }],
    }
    await expectStatus(await deps.asExecutor().post('/runs/start', started), 201)
    const action = await propose(deps, { more: { run_id: runId, phase_id: 'p' } })
    expect(await expectStatus(await deps.asOperator('viewer').get(`/operator/runs/${runId}`), 200)).toMatchObject({
      state: 'waiting',
      actions_waiting: 1,
    })
    expect((await listAuditOf(deps, action.action_id))[0]).toMatchObject({ run_id: runId, phase_id: 'p' })
    const events = await deps.db.execute(sql`SELECT type, resource_id FROM control_plane.event ORDER BY id DESC LIMIT 2`)
    expect(events.rows).toEqual([
      { type: 'run.changed', resource_id: runId },
      { type: 'external_action.changed', resource_id: action.action_id },
    ])
    const other: TestExecutor = await deps.addExecutor({ name: `other-${randomUUID().slice(0, 8)}` })
    expect(await outcomeOf(await sendProposal(deps, { more: { run_id: runId }, executorKey: other.key }))).toEqual({ status: 404, code: 'not_found' })
    await expectStatus(await deps.asExecutor().post(`/runs/${runId}/phases/p/update_status`, { state: 'EXECUTING' }), 200)
    await expectStatus(await deps.asExecutor().post(`/runs/${runId}/phases/p/update_status`, { state: 'COMPLETE' }), 200)
    expect(await outcomeOf(await sendProposal(deps, { more: { run_id: runId } }))).toEqual({ status: 409, code: 'run_closed' })
    expect(await newestRefusal()).toMatchObject({ error_code: 'run_closed', run_id: runId })
  })

  it('is refused while twenty of the same executor wait, also when they come at once', async () => {
    const busy = await deps.addExecutor({ name: 'busy' })
    const answers = await Promise.all(Array.from({ length: 24 }, () => sendProposal(deps, { executorKey: busy.key })))
    const codes = await Promise.all(answers.map(outcomeOf))
    expect(codes.filter(({ status }) => status === 201)).toHaveLength(20)
    expect(codes.filter(({ code }) => code === 'too_many_pending')).toHaveLength(4)
    expect(await sendProposal(deps, { executorKey: busy.key }).then(outcomeOf)).toMatchObject({ code: 'too_many_pending' })
    expect(await newestRefusal()).toMatchObject({ error_code: 'too_many_pending', auth_principal_id: busy.executorId })
    await propose(deps)
    const first = codes.findIndex(({ status }) => status === 201)
    expect(first).toBeGreaterThanOrEqual(0)
    const pending = await deps.db.execute(sql`SELECT action_id FROM control_plane.external_action WHERE executor_id = ${busy.executorId} LIMIT 1`)
    const { action_id } = pending.rows[0] as { action_id: string }
    await expectStatus(await deps.asExecutor(busy.key).post(`/external-actions/${action_id}/cancel`, { reason: 'Not needed.' }), 200)
    await expectStatus(await sendProposal(deps, { executorKey: busy.key }), 201)
  })

  it('calls an action nobody has described blind, tier C and without a switch', async () => {
    const payload = toPayloadText({
      v: 1,
      provider: 'etsy',
      operation: 'anything',
      target: { shop: 1 },
      mode: 'live',
      cost: null,
      request: { method: 'DELETE', path: '/x', body: null },
      files: [],
    })
    const action = (await expectStatus(await sendProposal(deps, { payload }), 201)) as ExecutorAction
    expect(action).toMatchObject({ tier: 'C', blind: true, descriptor: null })
    expect(action.findings.map((finding) => finding.code)).toEqual(expect.arrayContaining(['blind', 'kill_switch_off']))
  })

  it('never lets the request leave the described method and path unnoticed (I-5)', async () => {
    const action = await propose(deps, { payload: toListing({ request: { method: 'DELETE', path: '/api/listings', body: null } }) })
    expect(action.blind).toBe(true)
  })
})
