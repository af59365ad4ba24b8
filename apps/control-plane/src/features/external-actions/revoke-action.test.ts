import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ExternalAction } from '@autopack/contract/external-actions'
import {
  capUseOf,
  countRows,
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revoke,
  sendClaim,
  setBrake,
  stateOf,
  toApproval,
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

/** An approved action whose launch hold runs for ten minutes. */
async function proposeHeld() {
  const action = await proposeApproved(deps)
  await deps.ownerDb
    .execute(sql`UPDATE control_plane.external_action SET not_before = clock_timestamp() + interval '10 minutes', version = version + 1
    WHERE action_id = ${action.action_id}`)
  return action
}

describe('revoking', () => {
  it('lets any operator take an approval back, names who in answer, decision and audit log, and no claim follows (I-11)', async () => {
    const action = await proposeApproved(deps)
    const shown = (await expectStatus(await revoke(deps, 'viewer', action, { reason: 'The price is wrong.' }), 200)) as ExternalAction
    expect(shown).toMatchObject({ state: 'REVOKED', version: 3, decided_by: { name: 'viewer' } })
    expect(shown.decisions).toMatchObject([
      { kind: 'approve', decided_by: { name: 'approver' } },
      { kind: 'revoke', reason: 'The price is wrong.', decided_by: { name: 'viewer' }, payload_hash: action.payload_hash },
    ])
    expect((await listAuditOf(deps, action.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.revoked',
      result_status: 'REVOKED',
      auth_principal_id: deps.operatorIds.viewer,
      requested_by: deps.executor.executorId,
      approved_by: [deps.operatorIds.approver],
      payload_hash: action.payload_hash,
      reason: 'The price is wrong.',
    })
    expect(await outcomeOf(await sendClaim(deps, action))).toEqual({ status: 409, code: 'not_approved' })
    expect(await countRows(deps, 'execution', action.action_id)).toBe(0)
  })

  it('works under the brake, with every switch off and without a control row', async () => {
    const [braked, off, rowless] = [await proposeApproved(deps), await proposeApproved(deps), await openTestDeps({ ceiling: everythingOn })]
    await setBrake(deps, true)
    await expectStatus(await revoke(deps, 'viewer', braked), 200)
    await setBrake(deps, false)
    deps.settings.ceiling.externalActionsEnabled = false
    await expectStatus(await revoke(deps, 'viewer', off), 200)
    try {
      const action = await proposeApproved(rowless)
      await rowless.ownerDb.execute(sql`ALTER TABLE control_plane.control DISABLE TRIGGER kept_row`)
      await rowless.ownerDb.execute(sql`DELETE FROM control_plane.control`)
      await expectStatus(await revoke(rowless, 'viewer', action), 200)
    } finally {
      await rowless.close()
    }
  })

  it('vetoes while the launch hold runs, and not after it', async () => {
    const [held, over] = [await proposeHeld(), await proposeHeld()]
    expect(await expectStatus(await revoke(deps, 'viewer', held, { kind: 'veto' }), 200)).toMatchObject({
      state: 'REVOKED',
      decisions: [{ kind: 'approve' }, { kind: 'veto' }],
    })
    expect((await listAuditOf(deps, held.action_id)).at(-1)).toMatchObject({ event_type: 'external_action.vetoed', result_status: 'REVOKED' })
    aheadSeconds = 601
    expect(await outcomeOf(await revoke(deps, 'viewer', over, { kind: 'veto' }))).toEqual({ status: 409, code: 'not_in_hold' })
    await expectStatus(await revoke(deps, 'viewer', over), 200)
  })

  it('loses against a claim that was first, and says which execution it is (I-11)', async () => {
    const claim = await proposeClaimed(deps)
    const before = await capUseOf(deps, 'USD')
    const response = await revoke(deps, 'admin', claim)
    expect(await expectStatus(response, 409)).toMatchObject({ code: 'already_claimed', execution_id: claim.execution_id })
    expect(await stateOf(deps, claim.action_id)).toBe('EXECUTING')
    expect(await capUseOf(deps, 'USD')).toEqual(before)
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.revoke_refused',
      result_status: 'refused',
      error_code: 'already_claimed',
      auth_principal_id: deps.operatorIds.admin,
    })
  })

  it('is bound to revision and payload hash, once, and every refusal is in the audit log', async () => {
    const action = await proposeApproved(deps)
    expect(await expectStatus(await revoke(deps, 'viewer', action, { revision: 2 }), 409)).toMatchObject({
      code: 'stale_revision',
      current_revision: 1,
    })
    expect(await outcomeOf(await revoke(deps, 'viewer', action, { payload_hash: 'f'.repeat(64) }))).toEqual({ status: 409, code: 'hash_mismatch' })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
    await expectStatus(await revoke(deps, 'viewer', action), 200)
    expect(await expectStatus(await revoke(deps, 'admin', action), 409)).toMatchObject({
      code: 'already_decided',
      decided_by: { name: 'viewer' },
      decision_kind: 'revoke',
    })
    const refused = (await listAuditOf(deps, action.action_id)).filter(({ result_status }) => result_status === 'refused')
    expect(refused.map(({ event_type, error_code }) => [event_type, error_code])).toEqual([
      ['external_action.revoke_refused', 'stale_revision'],
      ['external_action.revoke_refused', 'hash_mismatch'],
      ['external_action.revoke_refused', 'already_decided'],
    ])
    expect(await countRows(deps, 'decision', action.action_id)).toBe(2)
  })

  it('has nothing to take back of what nobody approved, and ends what is too late', async () => {
    const [pending, late] = [await propose(deps), await proposeApproved(deps)]
    expect(await outcomeOf(await revoke(deps, 'viewer', pending))).toEqual({ status: 409, code: 'not_approved' })
    aheadSeconds = 3_601
    expect(await outcomeOf(await revoke(deps, 'viewer', late))).toEqual({ status: 409, code: 'expired' })
    expect(await stateOf(deps, late.action_id)).toBe('EXPIRED')
  })

  it('does not exist for whoever may not see the action, nor for somebody who is disabled', async () => {
    const own = await deps.addExecutor({ name: 'private-agent' })
    const action = await propose(deps, { executorKey: own.key })
    await expectStatus(await decide(deps, 'admin', action, toApproval(action)), 200)
    expect(await outcomeOf(await revoke(deps, 'viewer', action))).toEqual({ status: 404, code: 'not_found' })
    const gone = await deps.addOperator({ name: 'gone', role: 'admin', enabled: false })
    expect(await outcomeOf(await revoke(deps, gone, action))).toEqual({ status: 403, code: 'operator_disabled' })
    expect(await stateOf(deps, action.action_id)).toBe('APPROVED')
  })

  it('tells every person what they may take back and why not', async () => {
    const of = async (actionId: string) => {
      const shown = (await expectStatus(await deps.asOperator('viewer').get(`/operator/external-actions/${actionId}`), 200)) as ExternalAction
      return Object.fromEntries(shown.allowed_actions.map(({ action, allowed, why }) => [action, allowed ? true : why]))
    }
    const held = await of((await proposeHeld()).action_id)
    expect(held).toMatchObject({ revoke: true, veto: true, approve: expect.stringContaining('Viewers'), resolve: expect.stringContaining('Viewers') })
    const approved = await of((await proposeApproved(deps)).action_id)
    expect(approved).toMatchObject({ revoke: true, veto: expect.stringContaining('No launch hold is running') })
    const claimed = await of((await proposeClaimed(deps)).action_id)
    expect(claimed).toMatchObject({ revoke: expect.stringContaining('cannot be recalled') })
  })
})
