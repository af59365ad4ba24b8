/** The twelve operations of the ledger that may meet, each through its real route, and the states they meet in. */
import { randomUUID } from 'node:crypto'
import { sweepActions } from '../../../apps/control-plane/src/features/external-actions/sweep-actions.ts'
import {
  decide,
  expectStatus,
  outcomeOf,
  propose,
  sendClaim,
  sendFinish,
  sendProposal,
  toApproval,
  toListing,
  toRejection,
  toSentSha256,
} from '../../../apps/control-plane/src/test/ledger-story.ts'
import type { Claim } from '../../../apps/control-plane/src/test/ledger-story.ts'
import type { TestDeps } from '../../../apps/control-plane/src/test/open-test-deps.ts'

/** Asks the database as its owner; rows as they come. */
export type Query = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>

/** One deployment with one action in it that two operations are about to meet over. */
export type World = {
  deps: TestDeps
  query: Query
  clock: { aheadSeconds: number }
  action: { action_id: string; revision: number; payload: string; payload_hash: string }
  claim: Claim | null
  brakeId: string | null
  /** The count of actions that is used and reserved today, so that a cap can be set right there. */
  usedToday: number
}

export const startStates = [
  'PENDING',
  'APPROVED',
  'APPROVED under the brake',
  'EXECUTING',
  'PENDING too long',
  'APPROVED too long',
  'EXECUTING too long',
] as const
export type StartState = (typeof startStates)[number]

/** How far the clock is ahead while the two operations meet: past the deadline, the time to execute, the lease. */
const aheadSeconds: Partial<Record<StartState, number>> = { 'PENDING too long': 86_401, 'APPROVED too long': 3_601, 'EXECUTING too long': 61 }

export type Operation = {
  name: string
  /** The states in which it does something. */
  meets: readonly StartState[]
  /** `ok`, or the code of the refusal. */
  run: (world: World) => Promise<string>
}

const code = async (answer: Promise<Response>) => {
  const { status, code: refusal } = await outcomeOf(await answer)
  return refusal ?? (status < 300 ? 'ok' : String(status))
}
const bound = ({ action }: World) => ({ revision: action.revision, payload_hash: action.payload_hash })

export const operations: readonly Operation[] = [
  { name: 'propose', meets: ['PENDING'], run: ({ deps }) => code(sendProposal(deps)) },
  {
    name: 'edit',
    meets: ['PENDING', 'APPROVED'],
    run: ({ deps, action }) =>
      code(deps.asExecutor().post(`/external-actions/${action.action_id}/revisions`, { payload: toListing(), after_revision: action.revision })),
  },
  { name: 'approve', meets: ['PENDING'], run: ({ deps, action }) => code(decide(deps, 'approver', action, toApproval(action))) },
  { name: 'reject', meets: ['PENDING'], run: ({ deps, action }) => code(decide(deps, 'admin', action, toRejection(action))) },
  {
    name: 'revoke',
    meets: ['APPROVED'],
    run: (world) => {
      const body = { kind: 'revoke', ...bound(world), reason: 'It is not what I thought.' }
      return code(world.deps.asOperator('viewer').post(`/operator/external-actions/${world.action.action_id}/revoke`, body))
    },
  },
  {
    name: 'brake',
    meets: ['PENDING', 'APPROVED'],
    run: ({ deps }) => code(deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' })),
  },
  {
    name: 'release',
    meets: ['APPROVED under the brake'],
    run: ({ deps, brakeId }) =>
      brakeId === null
        ? Promise.resolve('nothing to release')
        : code(deps.asOperator('admin').post('/operator/control/brake/release', { brake_id: brakeId, reason: 'Go on.' })),
  },
  {
    name: 'cap',
    meets: ['APPROVED'],
    run: ({ deps, usedToday }) =>
      code(deps.asOperator('approver').post('/operator/control/caps', { currency: null, cap: usedToday, reason: 'Enough for today.' })),
  },
  { name: 'claim', meets: ['APPROVED', 'APPROVED under the brake'], run: ({ deps, action }) => code(sendClaim(deps, action)) },
  {
    name: 'heartbeat',
    meets: ['EXECUTING'],
    run: ({ deps, action, claim }) => code(deps.asExecutor().post(`/external-actions/${action.action_id}/heartbeat`, { fence: claim?.fence ?? 1 })),
  },
  {
    name: 'sweep',
    meets: ['PENDING too long', 'APPROVED too long', 'EXECUTING too long'],
    run: async ({ deps }) => {
      await sweepActions(deps)
      // How many it moved depends on whose locks it skipped; the sweep after the meeting moves the rest.
      return 'ok'
    },
  },
  {
    name: 'finish',
    meets: ['EXECUTING'],
    run: ({ deps, action, claim }) =>
      code(
        sendFinish(
          deps,
          { action_id: action.action_id, fence: claim?.fence ?? 1 },
          { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(action.payload) },
        ),
      ),
  },
]

/** Brings one fresh action into a state, and the clock to where the operations meet. Control is as at the beginning. */
export async function openWorld(deps: TestDeps, query: Query, clock: { aheadSeconds: number }, state: StartState): Promise<World> {
  clock.aheadSeconds = 0
  await query(
    `UPDATE control_plane.brake SET released_at = greatest(engaged_at, clock_timestamp()), released_by = $1,
      released_reason = 'A new schedule begins.' WHERE released_at IS NULL`,
    [deps.operatorIds.admin],
  )
  await query('UPDATE control_plane.working_cap SET cap = 1000000')
  // What earlier schedules left unknown would fill the caps of a kind of action in the end; nothing of theirs is open any more.
  await query('UPDATE control_plane.cap_day SET used = 0, reserved = 0')
  const action = await propose(deps)
  const world: World = { deps, query, clock, action, claim: null, brakeId: null, usedToday: 0 }
  if (!state.startsWith('PENDING')) await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
  if (state.startsWith('EXECUTING')) world.claim = (await expectStatus(await sendClaim(deps, action, { idempotencyKey: randomUUID() }), 201)) as Claim
  if (state === 'APPROVED under the brake') {
    const engaged = await deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'Stop.' })
    world.brakeId = ((await expectStatus(engaged, 200)) as { brake: { brake_id: string } }).brake.brake_id
  }
  clock.aheadSeconds = aheadSeconds[state] ?? 0
  world.usedToday = Number((await query(takenToday, [clock.aheadSeconds]))[0]!['taken'])
  return world
}

const takenToday = `SELECT coalesce(sum(used + reserved), 0)::int AS taken FROM control_plane.cap_day
  WHERE scope = '' AND currency = '' AND day = ((clock_timestamp() + make_interval(secs => $1)) AT TIME ZONE 'UTC')::date`

/** Ends what would otherwise wait, or be overdue, in a later schedule. */
export async function closeWorld({ deps, query, clock }: World): Promise<void> {
  clock.aheadSeconds = 0
  const open = await query(`SELECT action_id, state, fence FROM control_plane.external_action WHERE state IN ('PENDING', 'APPROVED', 'EXECUTING')`)
  for (const { action_id, state, fence } of open as { action_id: string; state: string; fence: number }[]) {
    if (state === 'EXECUTING') await sendFinish(deps, { action_id, fence }, { sent: 'no', outcome: 'failed', error_summary: 'The schedule is over.' })
    else await deps.asExecutor().post(`/external-actions/${action_id}/cancel`, { reason: 'The schedule is over.' })
  }
}

/** What is true after a meeting, without anything that differs from run to run. */
export async function summarise({ query, clock, action, usedToday }: World): Promise<object> {
  const [found] = await query(
    `SELECT a.state, a.revision, a.fence,
      (SELECT jsonb_agg(d.kind || '@' || d.revision ORDER BY d.kind, d.revision) FROM control_plane.decision d WHERE d.action_id = a.action_id) AS decisions,
      (SELECT count(*)::int FROM control_plane.execution e WHERE e.action_id = a.action_id) AS executions,
      (SELECT jsonb_agg(o.outcome) FROM control_plane.execution e JOIN control_plane.execution_outcome o USING (execution_id)
        WHERE e.action_id = a.action_id) AS outcomes,
      (SELECT jsonb_agg(kind ORDER BY kind) FROM (
        SELECT v.event_type || ' ' || v.result_status || coalesce(' ' || (v.event::jsonb ->> 'error_code'), '') AS kind
        FROM control_plane.audit_event v WHERE v.approval_ref_id = a.action_id) AS audited) AS audited,
      (SELECT count(*)::int FROM control_plane.brake b WHERE b.released_at IS NULL) AS brakes,
      (SELECT w.cap <> 1000000 FROM control_plane.working_cap w WHERE w.currency = '') AS cap_is_set
    FROM control_plane.external_action a WHERE a.action_id = $1`,
    [action.action_id],
  )
  const [taken] = await query(takenToday, [clock.aheadSeconds])
  return { ...found, taken: Number(taken!['taken']) - usedToday }
}
