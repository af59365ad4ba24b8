/** Receipts as the control plane makes them, judged by the verifier, which has nothing of ours. */
import { randomUUID } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { AuditEvent } from '@autopack/contract/audit'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import { verifyReceipt } from '@autopack/verifier/verify-receipt'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { recordCheckpoint } from '../../audit/record-checkpoint.ts'
import { createTestNoteKey, readEntryHashes, signCheckpoint } from '../../test/checkpoint-story.ts'
import {
  askChange,
  decide,
  everythingOn,
  expectStatus,
  propose,
  proposeApproved,
  revise,
  revoke,
  sendClaim,
  sendDecision,
  sendObservation,
  sendProposal,
  sendResolution,
  stateOf,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import type { Claim } from '../../test/ledger-story.ts'
import { openAsApplication } from '../../test/open-as-application.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { enrol, passkeyOf, signApproval } from '../../test/passkey-story.ts'
import type { SaidApproval } from '../../test/passkey-story.ts'
import { sweepActions } from '../external-actions/sweep-actions.ts'

let deps: TestDeps
let aheadSeconds = 0
let executor: { key: string }
let executors = 0
const key = createTestNoteKey()
const trusted = [key.verifierKey.text]

beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn, now: shiftedClock(() => aheadSeconds) })
  await passkeyOf(deps, 'approver')
  await passkeyOf(deps, 'admin')
})
beforeEach(async () => {
  // Only so many proposals of one executor may wait.
  executor = await deps.addExecutor({ name: `agent-${(executors += 1)}`, sharedWithEveryone: true })
})
afterAll(() => deps.close())

const asked = (more: object = {}) => ({ executorKey: executor.key, ...more })
const claim = async (action: { action_id: string; revision: number; payload: string }): Promise<Claim> =>
  (await expectStatus(await sendClaim(deps, action, { key: executor.key }), 201)) as Claim
const report = (from: { action_id: string; fence: number }, body: object) =>
  deps.asExecutor(executor.key).post(`/external-actions/${from.action_id}/finish`, { fence: from.fence, ...body })
const complete = async (action: { action_id: string; revision: number; payload: string }): Promise<Claim> => {
  const claimed = await claim(action)
  const done = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(action.payload), external_object_id: 'lst_1' }
  await expectStatus(await report(claimed, done), 200)
  return claimed
}

const sign = async () => recordCheckpoint(deps.db, [key.verifierKey], { note: signCheckpoint(key, await readEntryHashes(deps.db)), rotations: [] })
const ask = (actionId: string, who = 'viewer') => deps.asOperator(who).get(`/operator/external-actions/${actionId}/receipt`)
const problemOf = async (answer: Response) => ({ status: answer.status, code: ((await answer.json()) as { code: string }).code })

async function receiptOf(actionId: string, who = 'viewer'): Promise<string> {
  await sign()
  const answer = await ask(actionId, who)
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(text)
  return text
}

/** The facts of a receipt that verifies; anything else fails the test with its reason. */
async function verified(actionId: string) {
  const verdict = await verifyReceipt(await receiptOf(actionId), { trustedKeys: trusted })
  if (!verdict.ok) throw new Error(JSON.stringify({ ...verdict, held: undefined }))
  return verdict.facts
}

/** Nobody described it: two people and their passkeys. */
const undescribed = () =>
  toPayloadText({
    v: 1,
    provider: 'nobody',
    operation: 'knows_this',
    target: { place: 'somewhere' },
    mode: 'dry_run',
    cost: null,
    request: { method: 'POST', path: '/x', body: { do: randomUUID() } },
    files: [],
  })
const stock = () =>
  toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'set_quantity',
    target: { shop: 'demo-shop', listing_id: '17' },
    mode: 'live',
    cost: null,
    request: { method: 'PUT', path: '/api/listings/17/quantity', body: { quantity: 3 } },
    files: [],
  })

describe('GET /operator/external-actions/{action_id}/receipt, 200: what happened, and the verifier says so', () => {
  it('approved and completed, not signed', async () => {
    const action = await proposeApproved(deps, asked())
    await complete(action)
    const facts = await verified(action.action_id)
    expect(facts).toMatchObject({ action_id: action.action_id, state: 'COMPLETED', revision: 1 })
    expect(facts.decisions).toMatchObject([{ kind: 'approve', name: 'approver', signed: false, strength: 'password' }])
    expect(facts.checkpoint).toMatchObject({ trust: 'trusted' })
  })

  it('signed with a passkey', async () => {
    const action = await propose(deps, asked())
    const said = toApproval(action) as SaidApproval
    const signature = await signApproval(deps, 'approver', action, said)
    await expectStatus(await sendDecision(deps, 'approver', action, { ...said, signature }), 200)
    await complete(action)
    const facts = await verified(action.action_id)
    expect(facts.decisions).toMatchObject([{ kind: 'approve', signed: true, strength: 'passkey' }])
  })

  it('two approvers, blind, a dry run', async () => {
    const action = await propose(deps, asked({ payload: undescribed() }))
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    expect((await verified(action.action_id)).state).toBe('APPROVED')
    const claimed = await claim(action)
    expect((await verified(action.action_id)).state).toBe('EXECUTING')
    await expectStatus(await report(claimed, { sent: 'no', outcome: 'completed' }), 200)
    const facts = await verified(action.action_id)
    expect(facts.state).toBe('SIMULATED')
    expect(facts.decisions.map(({ name, signed }) => [name, signed])).toEqual([
      ['approver', true],
      ['admin', true],
    ])
  })

  it('a dry run that somebody described', async () => {
    const action = await proposeApproved(deps, asked({ payload: toListing({ mode: 'dry_run' }) }))
    await expectStatus(await report(await claim(action), { sent: 'no', outcome: 'completed' }), 200)
    expect((await verified(action.action_id)).state).toBe('SIMULATED')
  })

  it('rejected, after somebody had asked for a change of it', async () => {
    const action = await propose(deps, asked())
    await expectStatus(await askChange(deps, 'approver', action, { field: '/request/body/title' }), 200)
    await expectStatus(await decide(deps, 'admin', action, toRejection(action)), 200)
    const facts = await verified(action.action_id)
    expect([facts.state, facts.decisions.map(({ kind }) => kind)]).toEqual(['REJECTED', ['ask_change', 'reject']])
  })

  it('revised: the receipt is of the revision in force, and what was decided about the one before is in the log alone', async () => {
    const action = await propose(deps, asked())
    await expectStatus(await askChange(deps, 'approver', action), 200)
    const payload = toListing({}, 'Another title')
    const edited = { ...((await expectStatus(await revise(deps, action, payload, {}, executor.key), 201)) as ExecutorAction), payload }
    await expectStatus(await decide(deps, 'approver', edited, toApproval(edited)), 200)
    await complete(edited)
    const facts = await verified(action.action_id)
    expect([facts.revision, facts.decisions.map(({ kind }) => kind)]).toEqual([2, ['approve']])
  })

  it('expired, undecided and approved; cancelled; revoked; vetoed', async () => {
    const late = await propose(deps, asked())
    const cancelled = await propose(deps, asked())
    await expectStatus(await deps.asExecutor(executor.key).post(`/external-actions/${cancelled.action_id}/cancel`, { reason: 'Not any more.' }), 200)
    expect((await verified(cancelled.action_id)).state).toBe('CANCELLED')
    const taken = await proposeApproved(deps, asked())
    await expectStatus(await revoke(deps, 'admin', taken), 200)
    const facts = await verified(taken.action_id)
    expect([facts.state, facts.decisions.map(({ kind }) => kind)]).toEqual(['REVOKED', ['approve', 'revoke']])
    const held = await proposeApproved(deps, asked())
    await deps.ownerDb.execute(
      sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '60 s', version = version + 1 WHERE action_id = ${held.action_id}`,
    )
    await expectStatus(await revoke(deps, 'viewer', held, { kind: 'veto' }), 200)
    expect((await verified(held.action_id)).decisions.map(({ kind }) => kind)).toEqual(['approve', 'veto'])
    const unclaimed = await proposeApproved(deps, asked())
    aheadSeconds = 8 * 86_400
    await sweepActions(deps)
    aheadSeconds = 0
    for (const { action_id } of [late, unclaimed]) expect((await verified(action_id)).state).toBe('EXPIRED')
  })

  it('an unknown outcome, and what a person found who looked', async () => {
    const action = await proposeApproved(deps, asked())
    const claimed = await claim(action)
    aheadSeconds = 120
    await sweepActions(deps)
    aheadSeconds = 0
    expect((await verified(action.action_id)).state).toBe('UNKNOWN')
    await expectStatus(await sendResolution(deps, 'approver', claimed, { outcome: 'completed', external_object_id: 'lst_9' }), 200)
    const facts = await verified(action.action_id)
    expect([facts.state, facts.execution!.resolution!.external_object_id]).toEqual(['COMPLETED', 'lst_9'])
  })

  it('failed; and a report that was not believed', async () => {
    const failed = await proposeApproved(deps, asked())
    await expectStatus(await report(await claim(failed), { sent: 'no', outcome: 'failed', error_code: 'x', error_summary: 'half \ud800' }), 200)
    expect((await verified(failed.action_id)).state).toBe('FAILED')
    const unsent = await proposeApproved(deps, asked())
    await expectStatus(await report(await claim(unsent), { sent: 'no', outcome: 'failed', sent_sha256: 'b'.repeat(64) }), 200)
    expect((await verified(unsent.action_id)).execution!.outcome).toMatchObject({ outcome: 'failed', sent: 'no', sent_sha256: null })
    const other = await proposeApproved(deps, asked())
    await expectStatus(await report(await claim(other), { sent: 'yes', outcome: 'completed', sent_sha256: 'b'.repeat(64) }), 200)
    // It is known that other bytes left: the receipt is made, and nobody can verify that what was approved is what was sent.
    const verdict = await verifyReceipt(await receiptOf(other.action_id), { trustedKeys: trusted })
    expect([await stateOf(deps, other.action_id), verdict.ok, verdict.ok ? null : verdict.reason]).toEqual(['UNKNOWN', false, 'sent'])
  })

  it('what was read back, as approved and drifted', async () => {
    const action = await proposeApproved(deps, asked())
    const claimed = await complete(action)
    const { body } = (JSON.parse(action.payload) as { request: { body: object } }).request
    await expectStatus(await sendObservation(deps, claimed, JSON.stringify({ id: 'lst_1', ...body }), {}, executor.key), 200)
    await expectStatus(await sendObservation(deps, claimed, 'NUL \u0000 and \ud800', { detail: 'It is gone.' }, executor.key), 200)
    const facts = await verified(action.action_id)
    expect(facts.execution!.observations.map(({ no, result }) => [no, result])).toEqual([
      [1, 'verified'],
      [2, 'cannot_verify'],
    ])
  })

  it('on a policy grant: nobody decided, and the receipt names nobody', async () => {
    const action = await propose(deps, asked({ payload: stock() }))
    expect((await verified(action.action_id)).state).toBe('APPROVED')
    await complete(action)
    const facts = await verified(action.action_id)
    expect([facts.authorized_by, facts.decisions]).toEqual(['policy', []])
  })

  it('decided by the only approver about what they had asked for', async () => {
    const runId = `own-${randomUUID()}`
    await expectStatus(await deps.asExecutor(executor.key).post('/runs/start', { run: { run_id: runId, started_by: deps.operatorIds.admin } }), 201)
    const action = await propose(deps, asked({ more: { run_id: runId } }))
    Object.assign(deps.settings, { soleOperator: true })
    await deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = false WHERE operator_id = ${deps.operatorIds.approver}`)
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    Object.assign(deps.settings, { soleOperator: false })
    await deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = true`)
    await complete(action)
    expect((await verified(action.action_id)).decisions).toMatchObject([{ name: 'admin', sole_operator: true }])
  })

  it('refused attempts are in it: claims, decisions, and calls that did not get in', async () => {
    const action = await propose(deps, asked())
    await expectStatus(await sendClaim(deps, action, { key: executor.key }), 409)
    await expectStatus(await decide(deps, 'viewer', action, toApproval(action)), 403)
    await expectStatus(await decide(deps, 'approver', action, toRejection(action)), 200)
    const { audit } = JSON.parse(await receiptOf(action.action_id)) as { audit: { event: string }[] }
    const types = audit.map(({ event }) => (JSON.parse(event) as AuditEvent).event_type)
    expect(types).toEqual(expect.arrayContaining(['external_action.claim_refused', 'request.refused', 'external_action.rejected']))
    expect((await verified(action.action_id)).state).toBe('REJECTED')
  })

  it('refused attempts after the last event that changed something hold nothing back, and are not in it', async () => {
    const action = await proposeApproved(deps, asked())
    await complete(action)
    await sign()
    await expectStatus(await sendClaim(deps, action, { key: executor.key }), 409)
    const answer = await ask(action.action_id)
    expect(answer.status).toBe(200)
    const { audit } = (await answer.json()) as { audit: { event: string }[] }
    expect(audit.map(({ event }) => (JSON.parse(event) as AuditEvent).event_type)).not.toContain('external_action.claim_refused')
    expect((await verified(action.action_id)).state).toBe('COMPLETED')
  })

  it('attempts of others, whose action it is not, are no events about it', async () => {
    const other = await deps.addExecutor({ name: `stranger-${executors}`, sharedWithEveryone: false })
    const action = await proposeApproved(deps, asked())
    await expectStatus(await sendClaim(deps, action, { key: other.key }), 404)
    await complete(action)
    const { audit } = JSON.parse(await receiptOf(action.action_id)) as { audit: { event: string }[] }
    const events = audit.map(({ event }) => JSON.parse(event) as AuditEvent)
    expect(events.map(({ auth_principal_id }) => auth_principal_id)).not.toContain(other.executorId)
    expect(events.filter(({ approval_ref }) => approval_ref !== null).map(({ approval_ref_no }) => approval_ref_no)).toEqual([1, 2, 3, 4])
    const { rows } = await deps.db.execute(
      sql`SELECT event FROM control_plane.audit_event WHERE auth_principal_id = ${other.executorId} ORDER BY seq DESC LIMIT 1`,
    )
    expect(JSON.parse((rows[0] as { event: string }).event)).toMatchObject({
      ...{ event_type: 'request.refused', error_code: 'not_found', approval_ref: null },
      payload_summary: `about ${action.action_id}, which is not theirs`,
    })
  })

  it('signed with a passkey that another one endorsed: both are in it', async () => {
    const person = await deps.addOperator({ name: `endorsed-${executors}`, role: 'approver' })
    const first = await enrol(deps, person)
    const second = await enrol(deps, person, { with: first, name: 'six characters: \\u0000' })
    const action = await propose(deps, asked())
    const said = toApproval(action) as SaidApproval
    const signature = await signApproval(deps, person, action, said, { by: second })
    await expectStatus(await sendDecision(deps, person, action, { ...said, signature }), 200)
    const { passkeys } = JSON.parse(await receiptOf(action.action_id)) as {
      passkeys: { credential_id: string; endorsement: { credential_id: string } | null; relying_party: unknown }[]
    }
    const relying_party = { id: deps.settings.rpId, origin: deps.settings.consoleOrigin }
    expect(passkeys.toSorted((one) => (one.credential_id === first.credentialId ? -1 : 1))).toMatchObject([
      { credential_id: first.credentialId, endorsement: null, relying_party },
      { credential_id: second.credentialId, endorsement: { credential_id: first.credentialId }, relying_party },
    ])
    expect(passkeys.map(({ credential_id }) => credential_id)).toEqual(passkeys.map(({ credential_id }) => credential_id).toSorted())
    expect((await verified(action.action_id)).decisions).toMatchObject([{ kind: 'approve', signed: true }])
  })

  it('words that were sealed while the second approval was missing are in it once it is decided', async () => {
    const action = await propose(deps, asked({ payload: undescribed() }))
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: 'First words.' })), 200)
    await sign()
    expect(await problemOf(await ask(action.action_id))).toEqual({ status: 409, code: 'still_pending' })
    await expectStatus(await decide(deps, 'admin', action, toApproval(action, { reason: 'Second words.' })), 200)
    expect((await verified(action.action_id)).decisions.map(({ reason }) => reason)).toEqual(['First words.', 'Second words.'])
  })

  it('is a download that nothing keeps', async () => {
    const action = await proposeApproved(deps, asked())
    await sign()
    const { headers } = await ask(action.action_id)
    expect(headers.get('content-disposition')).toBe(`attachment; filename="receipt-${action.action_id}.json"`)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
  })
})

describe('404', () => {
  it('for an action that somebody may not see, as for none', async () => {
    const owner = await deps.addOperator({ name: 'owner', role: 'viewer' })
    const hidden = await deps.addExecutor({ name: 'hidden-agent', ownerOperatorId: owner })
    const action = (await expectStatus(await sendProposal(deps, { executorKey: hidden.key }), 201)) as ExecutorAction
    await expectStatus(
      await decide(deps, 'admin', action, toRejection({ ...action, payload: toListing() }, { payload_hash: action.payload_hash })),
      200,
    )
    await sign()
    expect(await problemOf(await ask(action.action_id))).toEqual({ status: 404, code: 'not_found' })
    expect(await problemOf(await ask('act_00000000-0000-4000-8000-000000000000'))).toEqual({ status: 404, code: 'not_found' })
    expect((await ask(action.action_id, owner)).status).toBe(200)
  })
})

describe('409', () => {
  it('while its newest entry is under no checkpoint, and says when to ask again', async () => {
    const action = await proposeApproved(deps, asked())
    const answer = await ask(action.action_id)
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await problemOf(answer)).toEqual({ status: 409, code: 'not_checkpointed' })
    await sign()
    await expectStatus(await sendClaim(deps, action, { key: executor.key }), 201)
    expect(await problemOf(await ask(action.action_id))).toEqual({ status: 409, code: 'not_checkpointed' })
  })

  it('where so much was read back that no verifier would read it, without reading it first', async () => {
    const action = await proposeApproved(deps, asked())
    const claimed = await complete(action)
    await sign()
    await deps.ownerDb
      .execute(sql`INSERT INTO control_plane.execution_observation (execution_id, observation_no, result, observed, fields, observed_at, recorded_by)
      SELECT ${claimed.execution_id}, no, 'cannot_verify', repeat('x', 250000) || no, '[]', clock_timestamp(), 'x' FROM generate_series(1, 40) AS no`)
    const answer = await ask(action.action_id)
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      409,
      expect.stringContaining('larger than a verifier reads'),
    ])
  })

  it('where the words of its description were not kept: those of today are not taken for them', async () => {
    const action = await proposeApproved(deps, asked())
    await sign()
    const kept = await deps.ownerDb.execute(sql`SELECT encode(sha256, 'hex') AS sha256, descriptor FROM control_plane.descriptor_text`)
    expect(kept.rows.length).toBeGreaterThan(0)
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.descriptor_text DISABLE TRIGGER USER`)
    await deps.ownerDb.execute(sql`DELETE FROM control_plane.descriptor_text`)
    expect(await problemOf(await ask(action.action_id))).toEqual({ status: 409, code: 'no_receipt' })
    for (const { sha256, descriptor } of kept.rows as { sha256: string; descriptor: string }[])
      await deps.ownerDb.execute(sql`INSERT INTO control_plane.descriptor_text (sha256, descriptor) VALUES (decode(${sha256}, 'hex'), ${descriptor})`)
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.descriptor_text ENABLE TRIGGER USER`)
    expect((await ask(action.action_id)).status).toBe(200)
  })

  it('where rows are not what the log has the hash of: nothing of ours vouches for them', async () => {
    const action = await proposeApproved(deps, asked())
    await sign()
    expect((await ask(action.action_id)).status).toBe(200)
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.decision DISABLE TRIGGER USER`)
    await deps.ownerDb.execute(sql`UPDATE control_plane.decision SET reason = 'I never said this.' WHERE action_id = ${action.action_id}`)
    await deps.ownerDb.execute(sql`ALTER TABLE control_plane.decision ENABLE TRIGGER USER`)
    expect(await problemOf(await ask(action.action_id))).toEqual({ status: 409, code: 'no_receipt' })
  })
})

describe('rows that the application wrote about keys and that say nothing', () => {
  const asApplication = (statement: SQL) =>
    deps.db.transaction(async (tx) => {
      await tx.execute(sql.raw('SET LOCAL ROLE autopack_control_plane'))
      await tx.execute(statement)
    })

  beforeAll(async () => {
    await openAsApplication(deps)
  })

  it('an unreadable key or rotation ends neither receipts nor signing', async () => {
    const before = await proposeApproved(deps, asked())
    await sign()
    await asApplication(sql`INSERT INTO control_plane.checkpoint_key (key_id, verifier_key) VALUES ('00000000', 'nothing')`)
    await verified(before.action_id)
    await asApplication(sql`INSERT INTO control_plane.checkpoint_rotation (size, old_key_id, new_key_id, note)
      VALUES (1, ${key.verifierKey.keyId}, '00000000', 'no note')`)
    const after = await proposeApproved(deps, asked())
    await verified(before.action_id)
    await verified(after.action_id)
    expect(JSON.parse(await receiptOf(after.action_id))).toMatchObject({ keys: trusted, rotations: [] })
  })
})
