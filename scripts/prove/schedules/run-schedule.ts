import { setTimeout as delay } from 'node:timers/promises'
import { sweepActions } from '../../../apps/control-plane/src/features/external-actions/sweep-actions.ts'
import type { TestDeps } from '../../../apps/control-plane/src/test/open-test-deps.ts'
import { closeWorld, openWorld, summarise } from './ledger-operations.ts'
import type { Operation, Query, StartState, World } from './ledger-operations.ts'
import { listPausePoints, runWatched, watch } from './paused-statements.ts'

/** Whoever takes longer is stuck: two operations that wait for each other, or for nobody. */
const patienceMs = 10_000

const blocked = `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`

export type Lane = {
  deps: TestDeps
  clock: { aheadSeconds: number }
  query: Query
}

export type Ending = { answers: readonly string[]; world: object }

/** One after the other, in the order given; also at which statements the first could be stopped. */
export async function runSerially(lane: Lane, state: StartState, first: Operation, second: Operation): Promise<Ending & { points: number[] }> {
  const world = await openWorld(lane.deps, lane.query, lane.clock, state)
  const operation = watch(null)
  const answer = await runWatched(operation, () => first.run(world))
  const other = await second.run(world)
  return { answers: [answer, other], world: await end(world), points: listPausePoints(operation.statements) }
}

/**
 * The first is stopped before one of its statements, the second runs until it has ended or waits for the first, then the first goes on.
 * Null: the first never got to that statement.
 */
export async function runInterleaved(
  lane: Lane,
  state: StartState,
  first: Operation,
  second: Operation,
  point: number,
): Promise<(Ending & { waited: boolean; at: string }) | null> {
  const world = await openWorld(lane.deps, lane.query, lane.clock, state)
  const operation = watch(point)
  const paused = runWatched(operation, () => first.run(world))
  const reached = await Promise.race([operation.reached.promise.then(() => true), paused.then(() => false)])
  if (!reached) {
    await end(world)
    return null
  }
  const overtaken = { ended: false }
  const overtaking = second.run(world).finally(() => (overtaken.ended = true))
  let waited = false
  const giveUpAt = performance.now() + patienceMs
  while (!overtaken.ended && !waited && performance.now() < giveUpAt) {
    await Promise.race([overtaking.catch(() => undefined), delay(2)])
    if (!overtaken.ended) waited = (await lane.query(blocked)).length > 0
  }
  operation.resumed.resolve()
  const late = delay(patienceMs, 'stuck' as const, { ref: false })
  const answers = await Promise.all([Promise.race([paused, late]), Promise.race([overtaking, late])])
  return { answers, world: await end(world), waited, at: operation.statements[point] ?? '' }
}

async function end(world: World): Promise<object> {
  await sweepActions(world.deps)
  const summary = await summarise(world)
  await closeWorld(world)
  return summary
}
