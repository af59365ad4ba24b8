/**
 * Every pair of ledger operations, one stopped between two of its statements while the other runs, on PostgreSQL. What comes out must be
 * what one of the two orders one after the other gives: same answers, same state, same audit events, same caps.
 */
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { everythingOn } from '../../apps/control-plane/src/test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../apps/control-plane/src/test/open-test-deps.ts'
import { readFlags } from '../flags/read-flags.ts'
import { startPostgres } from '../test/start-postgres.ts'
import { operations, startStates } from './schedules/ledger-operations.ts'
import type { Operation, Query, StartState } from './schedules/ledger-operations.ts'
import { interceptStatements } from './schedules/paused-statements.ts'
import { runInterleaved, runSerially } from './schedules/run-schedule.ts'
import type { Ending, Lane } from './schedules/run-schedule.ts'

export type ScheduleProof = {
  pairs: number
  schedules: number
  /** In how many the second had to wait for the first. */
  waited: number
  violations: string[]
  seconds: number
}

export type ScheduleOptions = {
  /** Of PostgreSQL. */
  databaseUrl: string
  /** Places at which the first of a pair is stopped in one state; Infinity: all there are. */
  pointsPerPair: number
  /** `claim/brake`; null: all pairs. */
  pair: string | null
  seed: number
  tell: (line: string) => void
}

export async function proveSchedules(options: ScheduleOptions): Promise<ScheduleProof> {
  const begun = performance.now()
  const restore = interceptStatements()
  const proof: ScheduleProof = { pairs: 0, schedules: 0, waited: 0, violations: [], seconds: 0 }
  const waiting = listPairs(options.pair)
  const known = new Map<string, ReturnType<typeof runSerially>>()
  if (waiting.length === 0) throw new Error(`there is no pair ${options.pair}; the operations are ${operations.map(({ name }) => name).join(', ')}`)
  try {
    await Promise.all([runLane(), runLane()])
  } finally {
    restore()
  }
  proof.seconds = (performance.now() - begun) / 1_000
  return proof

  async function runLane(): Promise<void> {
    const lane = await openLane(options.databaseUrl)
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        const { first, second, state } = next
        try {
          await provePair(lane, next)
        } catch (error) {
          proof.violations.push(
            `${first.name}/${second.name} from ${state}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          )
        }
      }
    } finally {
      await lane.close()
    }
  }

  /** Both orders serve the pair and its mirror image. */
  async function inOrder(lane: Lane, state: StartState, first: Operation, second: Operation): ReturnType<typeof runSerially> {
    const key = `${first.name}/${second.name} from ${state}`
    const found = known.get(key) ?? runSerially(lane, state, first, second)
    known.set(key, found)
    return found
  }

  async function provePair(lane: Lane, { first, second, state }: Pair): Promise<void> {
    proof.pairs += 1
    const name = `${first.name}/${second.name} from ${state}`
    const { points, ...firstFirst } = await inOrder(lane, state, first, second)
    const other = await inOrder(lane, state, second, first)
    const secondFirst = { world: other.world, answers: other.answers.toReversed() }
    const orders = { firstFirst: toKey(firstFirst), secondFirst: toKey(secondFirst) }
    for (const point of choose(points, options.pointsPerPair, options.seed + proof.pairs)) {
      const ending = await runInterleaved(lane, state, first, second, point)
      if (ending === null) continue
      proof.schedules += 1
      if (ending.waited) proof.waited += 1
      // Whoever was answered while the other was stopped has committed first, and people were told so: only that order is true then.
      // The sweep is answered without having done anything when somebody else holds the action.
      // A refusal has no effect that could come too late; it is written into the log after the transaction that it ended.
      const onlySecondFirst = !ending.waited && second.name !== 'sweep' && ending.answers[0] === 'ok'
      const allowed = onlySecondFirst ? [orders.secondFirst] : [orders.firstFirst, orders.secondFirst]
      if (allowed.includes(toKey(ending))) continue
      proof.violations.push(
        `${name}, ${first.name} stopped before statement ${point} (${ending.at.replace(/\s+/g, ' ').slice(0, 120)}):\n` +
          `  came out   ${toKey(ending)}\n  may be     ${allowed.join('\n  or         ')}`,
      )
    }
  }
}

type Pair = { first: Operation; second: Operation; state: StartState }

/** Both orders of every pair, in every state in which one of the two does something. */
function listPairs(only: string | null): Pair[] {
  return operations.flatMap((first) =>
    operations
      .filter((second) => only === null || only === `${first.name}/${second.name}`)
      .flatMap((second) =>
        startStates.filter((state) => first.meets.includes(state) || second.meets.includes(state)).map((state) => ({ first, second, state })),
      ),
  )
}

function toKey({ answers, world }: Ending): string {
  return JSON.stringify({ answers, ...world })
}

/** Spread over all there are, starting elsewhere for every pair, so that over all pairs every place has its turn. */
function choose(points: readonly number[], most: number, seed: number): number[] {
  if (points.length <= most) return [...points]
  const step = points.length / most
  return Array.from({ length: most }, (_, turn) => points[Math.floor(turn * step + ((seed * 7) % step)) % points.length]!)
}

async function openLane(databaseUrl: string): Promise<Lane & { close: () => Promise<void> }> {
  process.env['TEST_DATABASE_URL'] = databaseUrl
  const clock = { aheadSeconds: 0 }
  const deps = await openTestDeps({
    now: shiftedClock(() => clock.aheadSeconds),
    ceiling: { ...everythingOn, maxActionsPerDay: 1_000_000, maxDailySpendMinor: { USD: 1_000_000_000 } },
  })
  const owner = new pg.Client({ connectionString: deps.ownerUrl! })
  await owner.connect()
  const query: Query = async (text, values = []) => (await owner.query<Record<string, unknown>>(text, [...values])).rows
  // A row to begin with, so that "no working value" and "one that was set" differ in every state alike.
  await query(
    `INSERT INTO control_plane.working_cap (currency, cap, set_by, set_at) VALUES ('', 1000000, $1, clock_timestamp()) ON CONFLICT DO NOTHING`,
    [deps.operatorIds.admin],
  )
  const close = async () => {
    await owner.end()
    await deps.close()
  }
  return { deps, clock, query, close }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const usage = `node scripts/prove/prove-schedules.ts [--points N] [--pair FIRST/SECOND] [--seed N]

Every pair of ledger operations, the first stopped between two of its statements. --points: how many places of the first in each state; all without it.`
  const flags = readFlags(usage, { points: { type: 'string' }, pair: { type: 'string' }, seed: { type: 'string' } })
  const given = process.env['TEST_DATABASE_URL']
  const postgres = given ? null : await startPostgres()
  try {
    const proof = await proveSchedules({
      databaseUrl: given ?? postgres!.url,
      pointsPerPair: flags.points === undefined ? Infinity : Number(flags.points),
      pair: flags.pair ?? null,
      seed: Number(flags.seed ?? 1),
      tell: console.log,
    })
    for (const violation of proof.violations) console.log(violation)
    console.log(
      `${proof.pairs} pairs and states, ${proof.schedules} schedules, in ${proof.waited} one waited for the other, ` +
        `${proof.violations.length} violations, ${proof.seconds.toFixed(0)} s`,
    )
    process.exitCode = proof.violations.length === 0 ? 0 : 1
  } finally {
    await postgres?.stop()
  }
}
