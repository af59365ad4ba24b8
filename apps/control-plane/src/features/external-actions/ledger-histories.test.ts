import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  capUseOf,
  decide,
  everythingOn,
  outcomeOf,
  propose,
  sendClaim,
  setBrake,
  stateOf,
  toApproval,
  toRejection,
  toSentSha256,
} from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps, TestExecutor } from '../../test/open-test-deps.ts'
import { sweepActions } from './sweep-actions.ts'

/** A ledger of a few lines: what the real one should do, without locks, rows or constraints. Times are the shifted clock's, in seconds. */
type ModelAction = { id: string; payload: string; executor: TestExecutor; state: string; proposedAt: number; approvedAt: number; claimedAt: number }
type Model = { actions: ModelAction[]; mine: ModelAction[]; brake: boolean; enabled: boolean; clock: number; executor: TestExecutor }
type Act = 'approve' | 'reject' | 'claim' | 'finish' | 'finish wrongly' | 'fail unsent' | 'cancel'
type Step = { do: 'propose' } | { do: 'sweep' } | { do: 'brake' } | { do: 'switch' } | { do: 'wait'; seconds: number } | { do: Act; which: number }

const decideWithin = 86_400
const executeWithin = 3_600
const lease = 60

let deps: TestDeps
const model: Model = { actions: [], mine: [], brake: false, enabled: true, clock: 0, executor: undefined as never }
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => model.clock), ceiling: everythingOn })
})
afterAll(() => deps.close())

const acts: Act[] = [
  'approve',
  'approve',
  'approve',
  'claim',
  'claim',
  'claim',
  'finish',
  'finish',
  'finish wrongly',
  'fail unsent',
  'reject',
  'cancel',
]
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant<Step>({ do: 'propose' }) },
    { weight: 12, arbitrary: fc.record({ do: fc.constantFrom(...acts), which: fc.nat(3) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: fc.constantFrom(37, 1_801, 50_000) }) },
    { weight: 1, arbitrary: fc.constantFrom<Step>({ do: 'sweep' }, { do: 'brake' }, { do: 'switch' }) },
  ),
  { minLength: 18, maxLength: 24 },
)

it('any history of proposals, decisions, claims, reports, silence and stops goes as the model says, and every cap adds up (I-1 to I-16)', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (history) => {
      Object.assign(model, {
        mine: [],
        brake: false,
        enabled: true,
        executor: await deps.addExecutor({ name: `x-${randomUUID()}`, sharedWithEveryone: true }),
      })
      await applyControl()
      for (const step of [{ do: 'propose' } as Step, ...history]) await take(step)
      for (const action of model.actions) expect([action.id, await stateOf(deps, action.id)]).toEqual([action.id, action.state])
      const count = (...states: string[]) => model.actions.filter((action) => states.includes(action.state)).length
      expect(await capUseOf(deps, '')).toEqual({ used: count('COMPLETED'), reserved: count('EXECUTING', 'UNKNOWN') })
      expect(await capUseOf(deps, 'USD')).toEqual({ used: 20 * count('COMPLETED'), reserved: 20 * count('EXECUTING', 'UNKNOWN') })
    }),
    { numRuns: 4, endOnFailure: true },
  )
  const loose = await deps.db.execute(sql`
    SELECT count(*)::int AS count FROM control_plane.execution e WHERE NOT EXISTS (
      SELECT FROM control_plane.decision d JOIN control_plane.action_revision r USING (action_id, revision, payload_sha256)
      WHERE d.action_id = e.action_id AND d.revision = e.revision AND d.kind = 'approve' AND d.payload_sha256 = e.payload_sha256
        AND sha256(r.payload) = e.payload_sha256 AND d.decided_at <= e.claimed_at)`)
  expect(loose.rows[0]).toEqual({ count: 0 })
}, 120_000)

async function applyControl(): Promise<void> {
  await setBrake(deps, model.brake)
  await deps.db.execute(sql`UPDATE control_plane.control SET external_actions_enabled = ${model.enabled}`)
}

async function take(step: Step): Promise<void> {
  if (step.do === 'wait') model.clock += step.seconds
  else if (step.do === 'brake' || step.do === 'switch') {
    if (step.do === 'brake') model.brake = !model.brake
    else model.enabled = !model.enabled
    await applyControl()
  } else if (step.do === 'sweep') {
    await sweepActions(deps)
    for (const action of model.actions) age(action)
  } else if (step.do === 'propose') {
    const { action_id, payload } = await propose(deps, { executorKey: model.executor.key })
    const action = { id: action_id, payload, executor: model.executor, state: 'PENDING', proposedAt: model.clock, approvedAt: 0, claimedAt: 0 }
    model.actions.push(action)
    model.mine.push(action)
  } else {
    const action = model.mine[step.which % model.mine.length]!
    const expected = expectAct(step.do, action)
    expect([step.do, await doAct(step.do, action)]).toEqual([step.do, expected])
  }
}

function age(action: ModelAction): void {
  if (action.state === 'PENDING' && model.clock - action.proposedAt >= decideWithin) action.state = 'EXPIRED'
  if (action.state === 'APPROVED' && model.clock - action.approvedAt >= executeWithin) action.state = 'EXPIRED'
  if (action.state === 'EXECUTING' && model.clock - action.claimedAt >= lease) action.state = 'UNKNOWN'
}

/** Moves the model on and says what the real ledger should answer. */
function expectAct(act: Act, action: ModelAction): string {
  const { state } = action
  const move = (to: string, answer = 'done') => {
    action.state = to
    return answer
  }
  if (act === 'approve' || act === 'reject') {
    if (state === 'PENDING') age(action)
    if (action.state === 'EXPIRED') return 'expired'
    if (state === 'CANCELLED') return 'not_open'
    if (state !== 'PENDING') return 'already_decided'
    if (act === 'reject') return move('REJECTED')
    if (model.brake) return 'brake_engaged'
    action.approvedAt = model.clock
    return move('APPROVED')
  }
  if (act === 'claim') {
    if (model.brake) return 'brake_engaged'
    if (!model.enabled) return 'kill_switch_off'
    if (state === 'APPROVED') age(action)
    if (action.state === 'EXPIRED') return 'expired'
    if (['PENDING', 'REJECTED', 'CANCELLED'].includes(state)) return 'not_approved'
    if (state !== 'APPROVED') return 'already_claimed'
    action.claimedAt = model.clock
    return move('EXECUTING')
  }
  if (act === 'cancel') {
    if (state === 'CANCELLED') return 'done'
    return state === 'PENDING' || state === 'APPROVED' ? move('CANCELLED') : 'not_open'
  }
  if (state !== 'EXECUTING') return 'not_executing'
  return move({ finish: 'COMPLETED', 'finish wrongly': 'UNKNOWN', 'fail unsent': 'FAILED' }[act])
}

async function doAct(act: Act, action: ModelAction): Promise<string> {
  const named = { action_id: action.id, revision: 1, payload: action.payload }
  const post = (what: string, body: object) => deps.asExecutor(action.executor.key).post(`/external-actions/${action.id}/${what}`, body)
  const sent = { sent: 'yes', outcome: 'completed', external_object_id: randomUUID() }
  const answers: Record<Act, () => Promise<Response>> = {
    approve: () => decide(deps, 'approver', named, toApproval(named)),
    reject: () => decide(deps, 'admin', named, toRejection(named)),
    claim: () => sendClaim(deps, named, { key: action.executor.key }),
    finish: () => post('finish', { fence: 1, ...sent, sent_sha256: toSentSha256(action.payload) }),
    'finish wrongly': () => post('finish', { fence: 1, ...sent, sent_sha256: '0'.repeat(64) }),
    'fail unsent': () => post('finish', { fence: 1, sent: 'no', outcome: 'failed', error_summary: randomUUID() }),
    cancel: () => post('cancel', { reason: 'The history says so.' }),
  }
  return (await outcomeOf(await answers[act]())).code ?? 'done'
}
