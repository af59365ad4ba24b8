import { randomUUID } from 'node:crypto'
import type { ProblemCode } from '@autopack/contract/problems'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  decide,
  everythingOn,
  expectStatus,
  listAuditOf,
  propose,
  proposeApproved,
  proposeClaimed,
  revise,
  revoke,
  sendClaim,
  sendFinish,
  sendObservation,
  sendProposal,
  sendResolution,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { sweepActions } from './sweep-actions.ts'

let deps: TestDeps
let aheadSeconds = 0
let stranger: string
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
  stranger = (await deps.addExecutor({ name: 'stranger', sharedWithEveryone: true })).key
})
beforeEach(() => {
  aheadSeconds = 0
  Object.assign(deps.settings.ceiling, everythingOn)
})
afterAll(() => deps.close())

/** Everything the ledger knows, but for the audit log. */
async function readLedger(): Promise<unknown> {
  const tables = ['external_action', 'action_revision', 'decision', 'approval_slot', 'action_authorization', 'execution', 'execution_outcome']
    .concat(['execution_observation', 'execution_resolution', 'execution_reservation', 'control', 'brake'])
    .map((table) => sql.raw(`(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') FROM control_plane.${table} t) AS ${table}`))
  const spent = sql`(SELECT coalesce(jsonb_agg(to_jsonb(t) - 'cap' ORDER BY to_jsonb(t)::text), '[]') FROM control_plane.cap_day t WHERE used + reserved > 0) AS cap_day`
  return (await deps.db.execute(sql`SELECT ${sql.join([...tables, spent], sql`, `)}`)).rows[0]
}

const newestAudit = async () => {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event) as { event_type: string; result_status: string; error_code: string | null }
}

/** What goes wrong, prepared and sent; `actionId`: whose story the refusal belongs to. */
type Prepared = { send: () => Promise<Response>; actionId?: string }
type Case = [words: string, code: ProblemCode, says: RegExp, prepare: () => Promise<Prepared>]

async function finished() {
  const claim = await proposeClaimed(deps)
  const report = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload) }
  await expectStatus(await sendFinish(deps, claim, report), 200)
  return claim
}

const cases: Case[] = [
  [
    'a decision about an older revision',
    'superseded',
    /Revision 2 took the place of the one you read/,
    async () => {
      const action = await propose(deps)
      await expectStatus(await revise(deps, action, toListing()), 201)
      return { actionId: action.action_id, send: () => decide(deps, 'approver', action, toApproval(action)) }
    },
  ],
  [
    'an edit of an older revision',
    'stale_revision',
    /Revision 2 is in force/,
    async () => {
      const action = await propose(deps)
      await expectStatus(await revise(deps, action, toListing()), 201)
      return { actionId: action.action_id, send: () => revise(deps, action, toListing()) }
    },
  ],
  [
    'a revocation of an older revision',
    'stale_revision',
    /Revision 2 is in force/,
    async () => {
      const action = await proposeApproved(deps)
      await expectStatus(await revise(deps, action, toListing()), 201)
      return { actionId: action.action_id, send: () => revoke(deps, 'viewer', action) }
    },
  ],
  [
    'a claim of a revision that is not in force',
    'stale_revision',
    /Revision 1 is in force/,
    async () => {
      const action = await proposeApproved(deps)
      return { actionId: action.action_id, send: () => sendClaim(deps, { ...action, revision: 2 }) }
    },
  ],
  [
    'a second claim',
    'already_claimed',
    /never handed out twice/,
    async () => {
      const claim = await proposeClaimed(deps)
      return { actionId: claim.action_id, send: () => sendClaim(deps, claim) }
    },
  ],
  [
    'a report after the lease was lost',
    'not_executing',
    /came too late to be believed/,
    async () => {
      const claim = await proposeClaimed(deps)
      aheadSeconds = 61
      await sweepActions(deps)
      return { actionId: claim.action_id, send: () => sendFinish(deps, claim, { sent: 'no', outcome: 'failed' }) }
    },
  ],
  [
    'another report after the end',
    'not_executing',
    /came too late/,
    async () => {
      const claim = await finished()
      return { actionId: claim.action_id, send: () => sendFinish(deps, claim, { sent: 'no', outcome: 'failed' }) }
    },
  ],
  [
    'a report with an old fence',
    'stale_fence',
    /Fence 1 is in force/,
    async () => {
      const claim = await proposeClaimed(deps)
      return { actionId: claim.action_id, send: () => sendFinish(deps, { ...claim, fence: 2 }, { sent: 'no', outcome: 'failed' }) }
    },
  ],
  [
    'a report that contradicts itself',
    'invalid_request',
    /completed needs sent: yes/,
    async () => {
      const claim = await proposeClaimed(deps)
      return { actionId: claim.action_id, send: () => sendFinish(deps, claim, { sent: 'no', outcome: 'completed' }) }
    },
  ],
  [
    'a withdrawal of what was claimed',
    'not_open',
    /can no longer be withdrawn/,
    async () => {
      const claim = await proposeClaimed(deps)
      const send = async () => deps.asExecutor().post(`/external-actions/${claim.action_id}/cancel`, { reason: 'Never mind.' })
      return { actionId: claim.action_id, send }
    },
  ],
  [
    'a claim after the cap was lowered below what is spent',
    'cap_reached',
    /USD a day for this deployment: \$0\.00 of \$0\.00 left.*00:00 UTC/,
    async () => {
      await finished()
      const action = await proposeApproved(deps)
      deps.settings.ceiling.maxDailySpendMinor = { USD: 0 }
      return { actionId: action.action_id, send: () => sendClaim(deps, action) }
    },
  ],
  [
    'a claim under a clock that was moved back',
    'clock_moved_back',
    /latest entry of the audit log/,
    async () => {
      const action = await proposeApproved(deps)
      aheadSeconds = -60
      return { actionId: action.action_id, send: () => sendClaim(deps, action) }
    },
  ],
  [
    'an approval under a clock that was moved back',
    'clock_moved_back',
    /latest entry of the audit log/,
    async () => {
      const action = await propose(deps)
      aheadSeconds = -60
      return { actionId: action.action_id, send: () => decide(deps, 'approver', action, toApproval(action)) }
    },
  ],
  [
    'a look-up of what is not unknown',
    'not_unknown',
    /nothing to look up/,
    async () => {
      const claim = await finished()
      return { actionId: claim.action_id, send: () => sendResolution(deps, 'approver', claim, {}) }
    },
  ],
  [
    'a read-back before the end',
    'not_executing',
    /may have been/,
    async () => {
      const claim = await proposeClaimed(deps)
      return { actionId: claim.action_id, send: () => sendObservation(deps, claim, '{}') }
    },
  ],
  ...(
    [
      ['white space', '{ "v":1}', /whitespace at offset 1/],
      ['a key twice', '{"a":1,"a":2}', /duplicate/],
      ['keys out of order', toListing().replace('"mode":"live",', '').replace('"v":1}', '"v":1,"mode":"live"}'), /order/],
      ['a fraction', toListing().replace('"quantity":1', '"quantity":1.5'), /number|integer/i],
      ['no JSON at all', 'publish it please', /offset 0/],
    ] as const
  ).map(([what, payload, says]): Case => [
    `a payload with ${what}`,
    'payload_not_canonical',
    says,
    async () => ({ send: () => sendProposal(deps, { payload }) }),
  ]),
  [
    'a key of another proposal',
    'idempotency_key_reused',
    /different proposal/,
    async () => {
      const idempotencyKey = randomUUID()
      await propose(deps, { idempotencyKey })
      return { send: () => sendProposal(deps, { idempotencyKey }) }
    },
  ],
]

describe('bad input', () => {
  it.each(cases)('refuses %s with its code, in words, in the audit log, and changes nothing', async (_, code, says, prepare) => {
    const { send, actionId } = await prepare()
    const before = await readLedger()
    const response = await send()
    const problem = (await response.json()) as { code: string; detail: string; status: number }
    expect({ code: problem.code, status: problem.status }).toEqual({ code, status: response.status })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(problem.detail).toMatch(says)
    expect(await readLedger()).toEqual(before)
    const event = await newestAudit()
    expect(event).toMatchObject({ result_status: 'refused', error_code: code })
    if (actionId !== undefined) expect((await listAuditOf(deps, actionId)).at(-1)).toEqual(event)
  })

  it('knows nothing of the actions of other executors, whatever is asked of them, and keeps who asked', async () => {
    const pending = await propose(deps)
    const approved = await proposeApproved(deps)
    const claim = await proposeClaimed(deps)
    const before = await readLedger()
    const sends = [
      () => revise(deps, pending, toListing(), {}, stranger),
      () => sendClaim(deps, approved, { key: stranger }),
      () => sendObservation(deps, claim, '{}', {}, stranger),
      async () => deps.asExecutor(stranger).post(`/external-actions/${pending.action_id}/cancel`, { reason: 'Mine now.' }),
      async () => deps.asExecutor(stranger).post(`/external-actions/${claim.action_id}/heartbeat`, { fence: 1 }),
      async () => deps.asExecutor(stranger).post(`/external-actions/${claim.action_id}/finish`, { fence: 1, sent: 'no', outcome: 'failed' }),
    ]
    for (const send of sends) {
      const response = await send()
      expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([404, 'not_found'])
      expect(await newestAudit()).toMatchObject({ event_type: 'request.refused', error_code: 'not_found', auth_principal_name: 'stranger' })
    }
    for (const path of ['', '/payload', '/payload?revision=1']) {
      expect((await deps.asExecutor(stranger).get(`/external-actions/${pending.action_id}${path}`)).status).toBe(404)
    }
    expect(await readLedger()).toEqual(before)
  })

  it('lets a clock that was moved back take nothing from the safe acts, and one that jumped ahead only end things', async () => {
    const [rejected, revoked] = [await propose(deps), await proposeApproved(deps)]
    aheadSeconds = -60
    await expectStatus(await decide(deps, 'approver', rejected, toRejection(rejected)), 200)
    await expectStatus(await revoke(deps, 'viewer', revoked), 200)
    aheadSeconds = 0
    const late = await proposeApproved(deps)
    aheadSeconds = 7 * 86_400
    expect(((await (await sendClaim(deps, late)).json()) as { code: string }).code).toBe('expired')
    aheadSeconds = 0
    const action = await proposeApproved(deps)
    await expectStatus(await sendClaim(deps, action), 201)
  })
})
