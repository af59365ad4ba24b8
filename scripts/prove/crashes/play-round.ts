import type { CrashPoint } from './crash-point.ts'
import { openCrashWorld } from './crash-world.ts'
import type { CrashWorld } from './crash-world.ts'
import { judgeCrashes } from './judge-crashes.ts'
import type { Finding } from './judge-crashes.ts'
import { readWorld } from './read-world.ts'
import { createSeededRandom } from './seeded-random.ts'
import type { SeededRandom } from './seeded-random.ts'
import { settleLeases } from './settle-leases.ts'
import { openStory } from './story.ts'
import type { StoryRecord } from './story.ts'
import { within } from './within.ts'

const pointMs = 150_000

export type RoundResult = { findings: Finding[]; secondsOf: Map<string, number> }

/** Worlds on PostgreSQL that are played at the same time: a server that starts keeps one core busy. */
const lanes = 2

/**
 * All points once, in an order that follows from the seed, in worlds that are played side by side; what was killed at one point serves the
 * next one of its world. Each world is judged at its end, when nobody has anything left to do.
 */
export async function playRound(points: readonly CrashPoint[], round: number, seed: number, tell: (line: string) => void): Promise<RoundResult> {
  const result: RoundResult = { findings: [], secondsOf: new Map() }
  const random = createSeededRandom(seed * 1_000 + round)
  const onServer = random.shuffle(points.filter(({ database }) => database === 'postgresql'))
  const worlds = [
    ...Array.from({ length: lanes }, (_, lane) => onServer.filter((_, place) => place % lanes === lane)),
    points.filter(({ database }) => database === 'embedded'),
  ]
  const playing = { round, random, tell, result }
  const played = await Promise.allSettled(worlds.map((own) => (own.length === 0 ? null : playWorld(own, playing))))
  for (const world of played) if (world.status === 'rejected') throw world.reason
  return result
}

type Playing = { round: number; random: SeededRandom; tell: (line: string) => void; result: RoundResult }

async function playWorld(points: readonly CrashPoint[], playing: Playing): Promise<void> {
  const { round, random, tell, result } = playing
  const world = await openCrashWorld(points[0]!.database)
  const records: StoryRecord[] = []
  const left = [...points]
  let survived = true
  try {
    for (let point = left.shift(); point !== undefined; point = left.shift()) {
      const begun = performance.now()
      const own = point
      const stories = Array.from({ length: own.stories }, (_, place) =>
        openStory(world, { point: own.name, round, ends: own.ends, effects: own.effects, title: `${own.name.slice(0, 100)} ${round}.${place}` }),
      )
      records.push(...stories.map(({ record }) => record))
      try {
        await within(pointMs, 'the point to be over', Promise.race([own.run(world, stories, random), world.controlPlane.failure, world.shop.failure]))
      } catch (error) {
        const expected = `its moment to be reached and survived, but ${error instanceof Error ? error.message : String(error)}`
        result.findings.push({ point: own.name, round, expected })
        survived = false
        break
      } finally {
        result.secondsOf.set(own.name, (performance.now() - begun) / 1_000)
      }
      tell(`round ${round}: ${own.name}: ${((performance.now() - begun) / 1_000).toFixed(1)} s`)
    }
    // A point that was not survived leaves a world that nothing can be said of.
    if (survived) await judgeWorld(world, records, playing)
  } finally {
    await world.close({ keepsFolder: !survived })
  }
  if (left.length > 0) await playWorld(left, playing)
}

async function judgeWorld(world: CrashWorld, stories: readonly StoryRecord[], { result, round }: Playing): Promise<void> {
  if (world.postgres !== null) await settleLeases(world.owner)
  const ledger = await readWorld(world)
  const findings = await judgeCrashes({ stories, ledger, effects: world.readEffects() })
  result.findings.push(...findings.map((finding) => ({ ...finding, round })))
}
