import { randomUUID } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { listPrecedents } from '@autopack/contract/operator-actions'
import type { AnswerOf } from '@autopack/contract/route'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  askChange,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  revise,
  revoke,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterEach(async () => {
  Object.assign(deps.settings, { soleOperator: false })
  await deps.ownerDb.execute(sql`UPDATE control_plane.operator SET enabled = true`)
})
afterAll(() => deps.close())

/** Nobody described it: two people. */
const toUnknown = () =>
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
const proposeForTwo = (more: object = {}) => propose(deps, { more, payload: toUnknown() })
const read = async (who: string, actionId: string) =>
  (await expectStatus(await deps.asOperator(who).get(`/operator/external-actions/${actionId}`), 200)) as ExternalAction
const readAsExecutor = async (actionId: string) =>
  (await expectStatus(await deps.asExecutor().get(`/external-actions/${actionId}`), 200)) as ExecutorAction
const reasonsOf = (action: Pick<ExternalAction, 'decisions'>) => action.decisions.map(({ reason }) => reason)
/** By its executor; what the answer says of the reasons comes with it. */
const edit = async (action: { action_id: string; revision: number }, payload = toUnknown()) => {
  const edited = (await expectStatus(await revise(deps, action, payload), 201)) as ExecutorAction
  return { ...edited, payload }
}
const words = 'Persuading words.'

describe('the second opinion', () => {
  it('is sealed from the words of the first until it is given: on the page, to the executor and in the audit log', async () => {
    const action = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: 'Persuading words.' })), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual([null])
    expect(reasonsOf(await read('approver', action.action_id))).toEqual(['Persuading words.'])
    expect(reasonsOf(await readAsExecutor(action.action_id))).toEqual([null])
    const audited = await (await deps.asOperator('admin').get('/operator/audit?limit=100')).text()
    expect(audited).not.toContain('Persuading words.')
    const exported = await (await deps.asOperator('admin').get('/operator/audit/export')).text()
    expect(exported).not.toContain('Persuading words.')
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({ reason: null, reason_sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    await expectStatus(await decide(deps, 'admin', action, toApproval(action, { reason: 'My own.' })), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual(['Persuading words.', 'My own.'])
  })

  it('is sealed for those who cannot decide as well: they could tell, and be made approvers', async () => {
    const action = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: words })), 200)
    expect(reasonsOf(await read('viewer', action.action_id))).toEqual([null])
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    expect(reasonsOf(await read('viewer', action.action_id))).toEqual([words, 'It is what I asked for.'])
  })

  it('stays sealed when its executor edits: from the executor, from whoever comes second, and in the audit log for good', async () => {
    const action = await proposeForTwo()
    const said = `Persuading words ${randomUUID()}.`
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: said })), 200)
    const edited = await edit(action)
    expect([edited.revision, reasonsOf(edited), reasonsOf(await readAsExecutor(action.action_id))]).toEqual([2, [null], [null]])
    expect(reasonsOf(await read('admin', action.action_id))).toEqual([null])
    expect(reasonsOf(await read('approver', action.action_id))).toEqual([said])
    await expectStatus(await decide(deps, 'admin', edited, toApproval(edited, { reason: 'My own.' })), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual([said, 'My own.'])
    expect(reasonsOf(await read('approver', action.action_id))).toEqual([said, null])
    await expectStatus(await decide(deps, 'approver', edited, toApproval(edited, { reason: 'Once more.' })), 200)
    expect(reasonsOf(await readAsExecutor(action.action_id))).toEqual([said, 'My own.', 'Once more.'])
    expect(await (await deps.asOperator('admin').get('/operator/audit/export')).text()).not.toContain(said)
  })

  it('stays sealed where an edit makes one approval enough, in what is refused as well', async () => {
    const blind = toListing({ mode: 'dry_run' }, `Report ${randomUUID()}`).replace('"quantity":1', '"quantity":1,"quiet":true')
    const action = await propose(deps, { payload: blind })
    const said = `Persuading words ${randomUUID()}.`
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: said })), 200)
    const edited = await edit(action, toListing({ mode: 'dry_run' }))
    expect((await read('admin', action.action_id)).slots).toHaveLength(1)
    expect([reasonsOf(edited), reasonsOf(await read('admin', action.action_id))]).toEqual([[null], [null]])
    const refused = await decide(deps, 'approver', action, toApproval(action, { reason: `${said} Again.` }))
    expect((await outcomeOf(refused)).code).toBe('superseded')
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({ event_type: 'external_action.decision_refused', reason: null })
  })

  it('is not opened by asking for a change, nor by having approved another revision', async () => {
    const action = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: words })), 200)
    await expectStatus(await askChange(deps, 'admin', action), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual([null, 'Say it better.'])
    const second = await edit(action)
    await expectStatus(await decide(deps, 'admin', second, toApproval(second, { reason: 'My own.' })), 200)
    const third = await edit(second)
    await expectStatus(await decide(deps, 'approver', third, toApproval(third, { reason: 'Still.' })), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual([null, 'Say it better.', 'My own.', null])
  })

  it('is sealed again when what all had approved is edited, among precedents too', async () => {
    const action = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: words })), 200)
    await expectStatus(await decide(deps, 'admin', action, toApproval(action, { reason: 'My own.' })), 200)
    const alike = await proposeForTwo()
    const among = async () => (await deps.asOperator('viewer').get(`/operator/external-actions/${alike.action_id}/precedents`)).text()
    expect(await among()).toContain(action.action_id)
    await edit(action)
    expect(reasonsOf(await read('viewer', action.action_id))).toEqual([null, null])
    expect(await among()).not.toContain(action.action_id)
  })

  it('is sealed from the words of an approval that was refused, too', async () => {
    const action = await proposeForTwo()
    const words = `Persuading words ${randomUUID()}.`
    const refused = await decide(deps, 'approver', action, toApproval(action, { reason: words, display_sha256: 'e'.repeat(64) }))
    expect(await outcomeOf(refused)).toEqual({ status: 409, code: 'policy_mismatch' })
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({ event_type: 'external_action.decision_refused', reason: null })
    expect(await (await deps.asOperator('admin').get('/operator/audit?limit=100')).text()).not.toContain(words)
    const alone = await propose(deps)
    await decide(deps, 'approver', alone, toApproval(alone, { reason: words, display_sha256: 'e'.repeat(64) }))
    expect((await listAuditOf(deps, alone.action_id)).at(-1)).toMatchObject({ event_type: 'external_action.decision_refused', reason: words })
  })

  it('is not sealed from what somebody asked to be changed, nor once it is over', async () => {
    const action = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', action, toApproval(action, { reason: 'Persuading words.' })), 200)
    await expectStatus(await decide(deps, 'approver', action, toRejection(action, { reason: 'On second thought.' })), 200)
    expect(reasonsOf(await read('admin', action.action_id))).toEqual(['Persuading words.', 'On second thought.'])
  })
})

describe('two groups', () => {
  it('are completed by the same two people in either order', async () => {
    for (const order of [
      ['admin', 'approver'],
      ['approver', 'admin'],
    ] as const) {
      const action = await proposeForTwo()
      // No kind of the catalog asks for two groups, and the database lets nobody make them afterwards.
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.approval_slot DISABLE TRIGGER USER`)
      const where = sql`WHERE action_id = ${action.action_id} AND slot = 1`
      await deps.ownerDb.execute(sql`UPDATE control_plane.approval_slot SET role = 'admin', group_no = 1, slot = 0 ${where}`)
      await deps.ownerDb.execute(sql`ALTER TABLE control_plane.approval_slot ENABLE TRIGGER USER`)
      for (const who of order) await expectStatus(await decide(deps, who, action, toApproval(action)), 200)
      expect(await read('viewer', action.action_id)).toMatchObject({ state: 'APPROVED', still_needed: [] })
    }
  })
})

describe('who is still needed', () => {
  it('is named: enabled, with the role, who see it, did not ask for it and have not approved', async () => {
    const runId = `run-${randomUUID()}`
    const asker = await deps.addOperator({ name: 'Asker', role: 'approver' })
    await deps.addOperator({ name: 'Gone', role: 'approver', enabled: false })
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: asker } })
    const action = await proposeForTwo({ run_id: runId })
    const names = async () =>
      (await read('viewer', action.action_id)).still_needed.map((row) => [row.count, row.people.map(({ name }) => name), row.people_total])
    expect(await names()).toEqual([[2, ['admin', 'approver'], 2]])
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
    expect(await names()).toEqual([[1, ['admin'], 1]])
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    expect(await names()).toEqual([])
  })

  it('is nobody who may not see it', async () => {
    const stranger = await deps.addOperator({ name: 'Stranger', role: 'approver' })
    const owned = await deps.addExecutor({ name: `private-${randomUUID().slice(0, 8)}`, ownerOperatorId: deps.operatorIds.approver })
    const action = await propose(deps, { executorKey: owned.key })
    const [row] = (await read('approver', action.action_id)).still_needed
    expect(row!.people.map(({ operator_id }) => operator_id)).not.toContain(stranger)
    expect(row!.people.map(({ name }) => name)).toEqual(['admin', 'approver'])
  })
})

describe('the only approver there is', () => {
  const startOwn = async () => {
    const runId = `run-${randomUUID()}`
    await deps.asExecutor().post('/runs/start', { run: { run_id: runId, started_by: deps.operatorIds.admin } })
    return propose(deps, { more: { run_id: runId } })
  }
  const leaveAlone = () =>
    deps.ownerDb.execute(
      sql`UPDATE control_plane.operator SET enabled = false WHERE role IN ('approver', 'admin') AND operator_id <> ${deps.operatorIds.admin}`,
    )

  it('approves what they asked for where the deployment lets them, and it is marked', async () => {
    Object.assign(deps.settings, { soleOperator: true })
    await leaveAlone()
    const action = await startOwn()
    const shown = await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    expect(shown).toMatchObject({ state: 'APPROVED', decisions: [{ sole_operator: true }] })
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({ proof: { sole_operator: true } })
  })

  it('does not, while there is a second one, or where nobody said that they may', async () => {
    const refused = { status: 403, code: 'self_approval' }
    Object.assign(deps.settings, { soleOperator: true })
    const action = await startOwn()
    expect(await outcomeOf(await decide(deps, 'admin', action, toApproval(action)))).toEqual(refused)
    Object.assign(deps.settings, { soleOperator: false })
    await leaveAlone()
    expect(await outcomeOf(await decide(deps, 'admin', action, toApproval(action)))).toEqual(refused)
  })
})

describe('precedents', () => {
  type Precedents = AnswerOf<typeof listPrecedents>
  const precedentsOf = async (who: string, actionId: string) =>
    (await expectStatus(await deps.asOperator(who).get(`/operator/external-actions/${actionId}/precedents`), 200)) as Precedents
  /** A shop of its own each time, so that tests do not see each other. */
  const shop = () => ({ target: { shop: 'demo-shop' }, mode: 'dry_run' as const })

  it('are what people decided about the same kind on the same target, newest first, with what was approved last', async () => {
    const before = await precedentsOf('viewer', (await propose(deps, { payload: toListing(shop()) })).action_id)
    const rejected = await propose(deps, { payload: toListing(shop()) })
    await expectStatus(await decide(deps, 'approver', rejected, toRejection(rejected, { reason: 'No.' })), 200)
    const approved = await propose(deps, { payload: toListing(shop()) })
    await expectStatus(await decide(deps, 'approver', approved, toApproval(approved, { reason: 'Yes.' })), 200)
    const action = await propose(deps, { payload: toListing(shop()) })
    const found = await precedentsOf('viewer', action.action_id)
    expect([found.approved_count - before.approved_count, found.rejected_count - before.rejected_count]).toEqual([1, 1])
    expect(found.items.slice(0, 2)).toMatchObject([
      { action_id: approved.action_id, kind: 'approve', reason: 'Yes.', decided_by: { name: 'approver' } },
      { action_id: rejected.action_id, kind: 'reject', reject_kind: 'not_now', reason: 'No.' },
    ])
    expect(found.last_approved).toMatchObject({ action_id: approved.action_id, revision: 1, payload_hash: approved.payload_hash })
  })

  it('are of the same mode alone: a dry run that was approved is none of a live action', async () => {
    const before = await precedentsOf('viewer', (await propose(deps)).action_id)
    const dry = await propose(deps, { payload: toListing(shop()) })
    await expectStatus(await decide(deps, 'approver', dry, toApproval(dry)), 200)
    const { now: _, ...after } = await precedentsOf('viewer', (await propose(deps)).action_id)
    expect(before).toMatchObject(after)
  })

  it('are no approvals that somebody revoked', async () => {
    const action = await propose(deps)
    const before = await precedentsOf('viewer', action.action_id)
    const approved = await propose(deps)
    await expectStatus(await decide(deps, 'approver', approved, toApproval(approved)), 200)
    expect((await precedentsOf('viewer', action.action_id)).approved_count).toBe(before.approved_count + 1)
    await expectStatus(await revoke(deps, 'approver', approved), 200)
    const { now: _, ...after } = await precedentsOf('viewer', action.action_id)
    expect(before).toMatchObject(after)
  })

  it('are no half of a quorum, and nothing that the reader may not see', async () => {
    const first = await proposeForTwo()
    await expectStatus(await decide(deps, 'approver', first, toApproval(first)), 200)
    const action = await proposeForTwo()
    expect((await precedentsOf('admin', action.action_id)).items.map(({ action_id }) => action_id)).not.toContain(first.action_id)
    const owned = await deps.addExecutor({ name: `private-${randomUUID().slice(0, 8)}`, ownerOperatorId: deps.operatorIds.approver })
    const secret = await propose(deps, { executorKey: owned.key })
    await expectStatus(await decide(deps, 'approver', secret, toApproval(secret)), 200)
    const open = await propose(deps)
    const seenBy = async (who: string) => (await precedentsOf(who, open.action_id)).items.some(({ action_id }) => action_id === secret.action_id)
    expect([await seenBy('admin'), await seenBy('viewer')]).toEqual([true, false])
  })
})
