import type { CrashPoint } from './crash-point.ts'
import type { CrashWorld } from './crash-world.ts'
import { holdLock } from './lock-holder.ts'
import { loseOutcome } from './lose-outcome.ts'
import { settleLeases } from './settle-leases.ts'
import type { Story } from './story.ts'
import type { Trap } from './tcp-gate.ts'
import { within } from './within.ts'

export type Operation =
  | 'propose'
  | 'revise'
  | 'approve'
  | 'revoke'
  | 'engage brake'
  | 'release brake'
  | 'claim'
  | 'heartbeat'
  | 'finish'
  | 'observe'
  | 'resolve'

/** What an operation is made to stand still at. */
export type Stop =
  /** A lock that its next statement needs; `blocked` are words of that statement. */
  | { lock: string; blocked: string }
  /** Its COMMIT: kept from the database, or carried out and its answer kept from the control plane. */
  | { commit: 'request' | 'answer' }
  /** Its answer, kept from the client. */
  | { answered: true }

const caughtMs = 30_000
const requestLines: Record<Operation, RegExp> = {
  propose: /^POST \/external-actions HTTP/,
  revise: /^POST \S+\/revisions HTTP/,
  approve: /^POST \S+\/decision HTTP/,
  revoke: /^POST \S+\/revoke HTTP/,
  'engage brake': /^POST \S+\/brake HTTP/,
  'release brake': /^POST \S+\/brake\/release HTTP/,
  claim: /^POST \S+\/claim HTTP/,
  heartbeat: /^POST \S+\/heartbeat HTTP/,
  finish: /^POST \S+\/finish HTTP/,
  observe: /^POST \S+\/observations HTTP/,
  resolve: /^POST \S+\/resolve HTTP/,
}

/** A point at which an operation stands still exactly where `stop` says, and `victim` dies while it does. */
export function toStopPoint(
  about: Pick<CrashPoint, 'name' | 'sentence'> & Partial<Pick<CrashPoint, 'ends' | 'effects'>>,
  victim: 'control plane' | 'database',
  operation: Operation,
  stop: Stop,
): CrashPoint {
  return {
    ends: ['COMPLETED'],
    effects: [1],
    ...about,
    database: 'postgresql',
    stories: 1,
    async run(world, [story]) {
      const { before, doing, after } = toSteps(operation, story!, world)
      for (const step of before) await step()
      await killAt(world, victim, operation, stop, doing)
      for (const step of after) await step()
    },
  }
}

async function killAt(world: CrashWorld, victim: 'control plane' | 'database', operation: Operation, stop: Stop, doing: () => Promise<unknown>) {
  if ('answered' in stop) {
    const trap = trapRequest(world, 'answer', operation)
    const done = doing()
    await within(caughtMs, `the answer to ${operation}`, trap.caught)
    await kill(world, victim)
    await startAgain(world, victim)
    // It had left before the database died; that of a control plane died with it.
    trap.release()
    return void (await done)
  }
  // Kept until the lock is taken, so that nothing before this operation meets it.
  const arriving = trapRequest(world, 'request', operation)
  const done = doing()
  await within(caughtMs, `the request to ${operation}`, arriving.caught)
  if ('commit' in stop) {
    const commit = world.gates.database.set(stop.commit, (bytes) => bytes.includes('commit\0'))
    arriving.release()
    await within(caughtMs, `the commit of ${operation}`, commit.caught)
    await kill(world, victim)
  } else {
    const holder = await holdLock(world.owner, stop.lock)
    try {
      arriving.release()
      await holder.untilBlocked(stop.blocked)
      await kill(world, victim)
    } finally {
      await holder.release()
    }
  }
  await startAgain(world, victim)
  await done
}

function trapRequest(world: CrashWorld, side: 'request' | 'answer', operation: Operation): Trap {
  return world.gates.controlPlane.set(side, (bytes) => requestLines[operation].test(bytes.toString('latin1', 0, 200)))
}

async function kill(world: CrashWorld, victim: 'control plane' | 'database'): Promise<void> {
  await (victim === 'database' ? world.postgres!.kill() : world.controlPlane.kill())
}

async function startAgain(world: CrashWorld, victim: 'control plane' | 'database'): Promise<void> {
  await (victim === 'database' ? world.postgres!.start() : world.controlPlane.restart())
}

type Step = () => Promise<unknown>

/** What leads to the operation, the operation, and what comes after it. Heartbeat, finish and observe are part of performing. */
function toSteps(operation: Operation, story: Story, world: CrashWorld): { before: Step[]; doing: Step; after: Step[] } {
  const { propose, approve, performToTheEnd, engageBrake, releaseBrake } = story
  const approved = [propose, approve]
  switch (operation) {
    case 'propose':
      return { before: [], doing: propose, after: [approve, performToTheEnd] }
    case 'approve':
      return { before: [propose], doing: approve, after: [performToTheEnd] }
    case 'revise':
      return { before: approved, doing: story.revise, after: [approve, performToTheEnd] }
    case 'revoke':
      return { before: approved, doing: story.revoke, after: [() => story.performInVain('not_approved')] }
    case 'engage brake':
      return { before: approved, doing: engageBrake, after: [() => story.performInVain('brake_engaged'), releaseBrake, performToTheEnd] }
    case 'release brake':
      return { before: [...approved, engageBrake], doing: releaseBrake, after: [performToTheEnd] }
    case 'observe':
      return { before: approved, doing: story.performAndReadBack, after: [] }
    case 'resolve':
      return { before: [...approved, () => loseOutcome(world, story), () => settleLeases(world.owner)], doing: story.resolve, after: [] }
    case 'claim':
    case 'heartbeat':
    case 'finish':
      return { before: approved, doing: performToTheEnd, after: [] }
  }
}
