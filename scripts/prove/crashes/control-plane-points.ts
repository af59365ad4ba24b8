import type { CrashPoint } from './crash-point.ts'
import type { CrashWorld } from './crash-world.ts'
import { holdLock } from './lock-holder.ts'
import { expireLeases } from './settle-leases.ts'
import { toStopPoint } from './stop-point.ts'
import type { Operation, Stop } from './stop-point.ts'
import { within } from './within.ts'

/** What the next statement of an operation needs, and words of that statement. */
export const stops = {
  control: { lock: 'SELECT 1 FROM control_plane.control FOR UPDATE', blocked: '"control"' },
  action: { lock: 'SELECT 1 FROM control_plane.external_action FOR UPDATE', blocked: '"external_action"' },
  revision: { lock: 'LOCK TABLE control_plane.action_revision IN EXCLUSIVE MODE', blocked: 'insert into "control_plane"."action_revision"' },
  authorization: { lock: 'LOCK TABLE control_plane.action_authorization IN EXCLUSIVE MODE', blocked: '"action_authorization"' },
  execution: { lock: 'LOCK TABLE control_plane.execution IN EXCLUSIVE MODE', blocked: 'insert into "control_plane"."execution"' },
  caps: { lock: 'LOCK TABLE control_plane.cap_day IN EXCLUSIVE MODE', blocked: '"cap_day"' },
  audit: { lock: 'SELECT 1 FROM control_plane.audit_head FOR UPDATE', blocked: '"audit_head"' },
  event: { lock: 'SELECT 1 FROM control_plane.event_head FOR UPDATE', blocked: 'control_plane.event_head' },
  commitOnItsWay: { commit: 'request' },
  commitAnswered: { commit: 'answer' },
  answered: { answered: true },
} as const satisfies Record<string, Stop>

const point = (
  operation: Operation,
  stop: Stop,
  where: string,
  sentence: string,
  more: Partial<Pick<CrashPoint, 'ends' | 'effects'>> = {},
): CrashPoint => toStopPoint({ name: `control plane: ${operation} ${where}`, sentence, ...more }, 'control plane', operation, stop)

/** Nothing was claimed, and nothing ever will be. */
const never = { ends: ['REVOKED'], effects: [0] } as const
/** The SDK sends nothing when its last look fails, and says so. */
const notSent = { ends: ['FAILED'], effects: [0] } as const

export const controlPlanePoints: readonly CrashPoint[] = [
  point('propose', stops.revision, 'before its revision', 'The action row is written, its revision is not.'),
  point('propose', stops.audit, 'before its audit event', 'Action, revision and slots are written, the audit event is not.'),
  point('propose', stops.answered, 'after the commit, before the answer', 'The proposal is there, and its executor does not know.'),
  point('approve', stops.authorization, 'before its authorization', 'The decision fills the last slot, the authorization is not written.'),
  point('approve', stops.audit, 'between decision and audit event', 'Decision, authorization and state are written, the audit event is not.'),
  point('approve', stops.answered, 'after the commit, before the answer', 'The decision is there, and the person was not told.'),
  point(
    'revise',
    stops.audit,
    'between revision and audit event',
    'The next revision is written and the action is pending again, the audit event is not.',
  ),
  point('revise', stops.answered, 'after the commit, before the answer', 'The next revision is there, and its executor sends the same again.'),
  point('revoke', stops.audit, 'between decision and audit event', 'The approval is taken back in this transaction only.', never),
  point('revoke', stops.answered, 'after the commit, before the answer', 'The approval is taken back, and the person was not told.', never),
  point('engage brake', stops.event, 'before its commit', 'The brake and its audit event are written and not committed.'),
  point('engage brake', stops.answered, 'after the commit, before the answer', 'Everything is stopped, and the person asks again.'),
  point('release brake', stops.audit, 'before its audit event', 'The release is not written yet, and nothing may go on.'),
  point('claim', stops.control, 'before its row locks', 'The claim waits for the control row; nothing is locked or read yet.'),
  point('claim', stops.execution, 'between state and execution', 'The action is EXECUTING in this transaction, its execution is not written.'),
  point('claim', stops.audit, 'between execution and audit event', 'Execution and reservations are written, the audit event is not.'),
  point('claim', stops.event, 'between audit event and live event', 'The audit event is written, and the last statement waits.'),
  point('claim', stops.commitOnItsWay, 'with its commit on the way', 'Everything is written, and the COMMIT never reaches the database.'),
  point('claim', stops.commitAnswered, 'right after its commit', 'The database has committed, and nobody is left to hear it.'),
  point(
    'claim',
    stops.answered,
    'after the commit, before the answer',
    'The answer with the execution is lost; the executor asks again with its key.',
  ),
  point('heartbeat', stops.action, 'before its row lock', 'The last look before connecting waits for the action.', notSent),
  point('heartbeat', stops.answered, 'before the answer', 'The lease is longer, and the executor does not know.', notSent),
  point('finish', stops.caps, 'between outcome and caps', 'Outcome and state are written, the reservation is not settled.'),
  point('finish', stops.audit, 'before its audit event', 'Outcome, state and caps are written, the audit event is not.'),
  point('finish', stops.event, 'before its commit', 'Everything but the live event is written.'),
  point('finish', stops.commitAnswered, 'right after its commit', 'The database has committed the outcome, and nobody is left to hear it.'),
  point('finish', stops.answered, 'after the commit, before the answer', 'The outcome is there, and the executor reports it again.'),
  point('observe', stops.audit, 'between observation and audit event', 'What the shop shows is written, the audit event is not.'),
  point(
    'resolve',
    stops.audit,
    'between resolution and audit event',
    'What a person found out and the settled caps are written, the audit event is not.',
  ),
  {
    name: 'control plane: brake engaged without the audit log',
    sentence: 'The log could not be written, the brake stands and is not in it; whoever writes next has to write that first.',
    database: 'postgresql',
    stories: 1,
    ends: ['COMPLETED'],
    effects: [1],
    async run(world, [story]) {
      await story!.propose()
      await story!.approve()
      const holder = await holdLock(world.owner, stops.audit.lock)
      try {
        await story!.engageBrake()
        await world.controlPlane.kill()
      } finally {
        await holder.release()
      }
      await world.controlPlane.restart()
      await story!.performInVain('brake_engaged')
      await story!.releaseBrake()
      await story!.performToTheEnd()
    },
  },
  {
    name: 'control plane: sweep between outcome and audit event',
    sentence: 'The executor is gone, the sweep has written UNKNOWN, and the audit event waits.',
    database: 'postgresql',
    stories: 1,
    ends: ['UNKNOWN'],
    effects: [0],
    async run(world, [story]) {
      await story!.propose()
      await story!.approve()
      const sending = world.gates.shop.set('request', (bytes) => bytes.toString('latin1', 0, 5) === 'POST ')
      const performing = story!.perform()
      await within(20_000, 'the request to the shop', sending.caught)
      await world.executor.killAndReplace()
      await performing
      await killSweep(world)
    },
  },
]

async function killSweep(world: CrashWorld): Promise<void> {
  const holder = await holdLock(world.owner, stops.audit.lock)
  try {
    await expireLeases(world.owner)
    await holder.untilBlocked(stops.audit.blocked)
    await world.controlPlane.kill()
  } finally {
    await holder.release()
  }
  await world.controlPlane.restart()
}
