import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import {
  askChange,
  countRows,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revise,
  sendClaim,
  stateOf,
  toApproval,
  toListing,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
let aheadSeconds = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
beforeEach(() => {
  aheadSeconds = 0
  Object.assign(deps.settings.ceiling, everythingOn)
})
afterAll(() => deps.close())

type Edited = ExecutorAction & { payload: string }
async function edit(action: { action_id: string; revision: number }, payload = toListing()): Promise<Edited> {
  return { ...((await expectStatus(await revise(deps, action, payload), 201)) as ExecutorAction), payload }
}

describe('revising', () => {
  it('replaces the bytes, starts the decisions over and writes it into the audit log (I-7)', async () => {
    const action = await proposeApproved(deps)
    aheadSeconds = 60
    const edited = await edit(action)
    expect(edited).toMatchObject({ action_id: action.action_id, state: 'PENDING', revision: 2, authorized_by: null, not_before: null })
    expect(edited.payload_hash).not.toBe(action.payload_hash)
    expect(Date.parse(edited.decide_by) - Date.parse(action.decide_by)).toBeGreaterThan(50_000)
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.revised',
      result_status: 'PENDING',
      revision: 2,
      payload_hash: edited.payload_hash,
      auth_principal_id: deps.executor.executorId,
    })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'not_approved' })
    for (const [revision, bytes] of [
      [1, action.payload],
      [2, edited.payload],
    ] as const) {
      const stored = await deps.asExecutor().get(`/external-actions/${action.action_id}/payload?revision=${revision}`)
      expect(await stored.text()).toBe(bytes)
    }
    await expectStatus(await decide(deps, 'approver', edited, toApproval(edited)), 200)
    await expectStatus(await sendClaim(deps, edited), 201)
  })

  it('never lets an old decision count again, even if the bytes come back (I-7)', async () => {
    const first = await proposeApproved(deps)
    const second = await edit(first)
    const third = await edit(second, first.payload)
    expect(third).toMatchObject({ state: 'PENDING', revision: 3, payload_hash: first.payload_hash })
    expect(await outcomeOf(await decide(deps, 'approver', third, toApproval(first)))).toEqual({ status: 409, code: 'superseded' })
    expect(await outcomeOf(await sendClaim(deps, third))).toEqual({ status: 409, code: 'not_approved' })
    expect(await outcomeOf(await sendClaim(deps, first))).toEqual({ status: 409, code: 'not_approved' })
    // Whoever approved the first may approve the third: it is another decision about another revision.
    await expectStatus(await decide(deps, 'approver', third, toApproval(third)), 200)
    expect(await outcomeOf(await sendClaim(deps, first))).toEqual({ status: 409, code: 'stale_revision' })
    await expectStatus(await sendClaim(deps, third), 201)
  })

  it('takes an edit out of its launch hold', async () => {
    const action = await proposeApproved(deps)
    await deps.db.execute(
      sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '10 minutes', version = version + 1 WHERE action_id = ${action.action_id}`,
    )
    expect(await edit(action)).toMatchObject({ state: 'PENDING', not_before: null, execute_by: null })
  })

  it('answers a request for a change, after which people can approve', async () => {
    const action = await propose(deps)
    await expectStatus(await askChange(deps, 'approver', action, { field: '/request/body/title' }), 200)
    const asked = await expectStatus(await deps.asExecutor().get(`/external-actions/${action.action_id}`), 200)
    expect(asked).toMatchObject({ state: 'PENDING', change_request: { field: '/request/body/title', asked_by: { name: 'approver' } } })
    expect(await outcomeOf(await decide(deps, 'admin', action, toApproval(action)))).toEqual({ status: 409, code: 'change_requested' })
    const edited = await edit(action)
    expect(edited).toMatchObject({ state: 'PENDING', change_request: null })
    await expectStatus(await decide(deps, 'admin', edited, toApproval(edited)), 200)
  })

  it('is the same edit when the same text comes again after the same revision, also when it has moved on', async () => {
    const action = await propose(deps)
    const payload = toListing()
    const [one, other] = await Promise.all([revise(deps, action, payload), revise(deps, action, payload)])
    expect(await expectStatus(one, 201)).toEqual(await expectStatus(other, 201))
    const edited = { ...action, revision: 2, payload }
    await expectStatus(await decide(deps, 'approver', edited, toApproval(edited)), 200)
    expect(await expectStatus(await revise(deps, action, payload), 201)).toMatchObject({ state: 'APPROVED', revision: 2 })
    await edit(edited)
    expect(await expectStatus(await revise(deps, action, payload), 201)).toMatchObject({ revision: 3 })
    expect((await listAuditOf(deps, action.action_id)).filter(({ event_type }) => event_type === 'external_action.revised')).toHaveLength(2)
  })

  it('lets one of two edits in, and tells the other which revision is in force', async () => {
    const action = await propose(deps)
    const answers = await Promise.all([revise(deps, action, toListing()), revise(deps, action, toListing())])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(
      await expectStatus(
        answers.find(({ status }) => status === 409)!,
        409,
      ),
    ).toMatchObject({ code: 'stale_revision', current_revision: 2 })
  })

  it('refuses what is no edit, keeps each refusal in the audit log, and changes nothing', async () => {
    const action = await proposeApproved(deps)
    const title = `Same ${randomUUID()}`
    const cases: [string, string, object?][] = [
      ['stale_revision', toListing(), { after_revision: 2 }],
      ['policy_mismatch', toListing({ mode: 'dry_run' })],
      ['policy_mismatch', toListing({ operation: 'unpublish_listing' })],
      ['policy_mismatch', toListing({ provider: 'etsy' })],
    ]
    for (const [code, payload, change] of cases) {
      expect(await outcomeOf(await revise(deps, action, payload, change))).toEqual({ status: 409, code })
    }
    expect(await outcomeOf(await revise(deps, action, toListing({}, title), { payload_hash: 'f'.repeat(64) }))).toEqual({
      status: 409,
      code: 'hash_mismatch',
    })
    const crooked = await revise(deps, action, toListing().replace('{', '{ '))
    expect(await expectStatus(crooked, 400)).toMatchObject({ code: 'payload_not_canonical', rule: 'whitespace', at: '', offset: 1 })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
    const refused = (await listAuditOf(deps, action.action_id)).filter(({ result_status }) => result_status === 'refused')
    expect(refused.map(({ event_type, error_code }) => [event_type, error_code])).toEqual([
      ...cases.map(([code]) => ['external_action.revision_refused', code]),
      ['external_action.revision_refused', 'hash_mismatch'],
      ['external_action.revision_refused', 'payload_not_canonical'],
    ])
    await expectStatus(await sendClaim(deps, action), 201)
  })

  it('is over once an action is claimed, ended or too late', async () => {
    const claim = await proposeClaimed(deps)
    expect(await outcomeOf(await revise(deps, claim, toListing()))).toEqual({ status: 409, code: 'not_open' })
    const rejected = await propose(deps)
    await expectStatus(await decide(deps, 'approver', rejected, toRejection(rejected)), 200)
    expect(await outcomeOf(await revise(deps, rejected, toListing()))).toEqual({ status: 409, code: 'not_open' })
    const [pending, approved] = [await propose(deps), await proposeApproved(deps)]
    aheadSeconds = 3_601
    expect(await outcomeOf(await revise(deps, approved, toListing()))).toEqual({ status: 409, code: 'expired' })
    aheadSeconds = 86_401
    expect(await outcomeOf(await revise(deps, pending, toListing()))).toEqual({ status: 409, code: 'expired' })
    for (const { action_id } of [approved, pending]) expect(await stateOf(deps, action_id)).toBe('EXPIRED')
    expect(await outcomeOf(await revise(deps, pending, toListing()))).toEqual({ status: 409, code: 'expired' })
  })

  it('does not exist for another executor', async () => {
    const action = await propose(deps)
    const stranger = await deps.addExecutor({ name: 'stranger' })
    expect(await outcomeOf(await revise(deps, action, toListing(), {}, stranger.key))).toEqual({ status: 404, code: 'not_found' })
    expect(await countRows(deps, 'action_revision', action.action_id)).toBe(1)
  })

  it('ends with the fiftieth revision, and counts an approved action among those that wait again', async () => {
    const own = await deps.addExecutor({ name: 'busy-agent', sharedWithEveryone: true })
    const action = await propose(deps, { executorKey: own.key })
    await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
    const others: ExecutorAction[] = []
    for (let count = 0; count < 20; count += 1) others.push(await propose(deps, { executorKey: own.key }))
    expect(await outcomeOf(await revise(deps, action, toListing(), {}, own.key))).toEqual({ status: 429, code: 'too_many_pending' })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
    for (let revision = 1; revision < 50; revision += 1) {
      await expectStatus(await revise(deps, { action_id: others[0]!.action_id, revision }, toListing(), {}, own.key), 201)
    }
    expect(await outcomeOf(await revise(deps, { action_id: others[0]!.action_id, revision: 50 }, toListing(), {}, own.key))).toEqual({
      status: 409,
      code: 'not_open',
    })
  })
})
