import { stops } from './control-plane-points.ts'
import type { CrashPoint } from './crash-point.ts'
import { toStopPoint } from './stop-point.ts'
import type { Operation, Stop } from './stop-point.ts'
import { runStream } from './stream-of-writes.ts'
import { within } from './within.ts'

const point = (operation: Operation, stop: Stop, where: string, sentence: string): CrashPoint =>
  toStopPoint({ name: `database: ${operation} ${where}`, sentence }, 'database', operation, stop)

const streamStories = 5

export const databasePoints: readonly CrashPoint[] = [
  point('propose', stops.audit, 'before its audit event', 'The proposal is written and not committed.'),
  point('approve', stops.audit, 'before its audit event', 'The decision is written and not committed.'),
  point('claim', stops.event, 'before its commit', 'Execution, caps and audit event are written and not committed.'),
  {
    ...point('claim', stops.commitAnswered, 'right after its commit', 'It has committed, and dies before the control plane hears so.'),
    // An executor that was answered 503 for longer than it asks again with its key may not claim once more.
    ends: ['COMPLETED', 'UNKNOWN'],
    effects: [0, 1],
  },
  {
    name: 'database: claim right after the client got its answer',
    sentence: 'The executor holds its execution and asks for a last look; the database recovers from its log alone.',
    database: 'postgresql',
    stories: 1,
    ends: ['COMPLETED'],
    effects: [1],
    async run(world, [story]) {
      await story!.propose()
      await story!.approve()
      const lastLook = world.gates.controlPlane.set('request', (bytes) => bytes.toString('latin1', 0, 13) === 'GET /control ')
      const performing = story!.performToTheEnd()
      await within(20_000, 'the last look', lastLook.caught)
      await world.postgres!.kill()
      await world.postgres!.start()
      lastLook.release()
      await performing
    },
  },
  point('finish', stops.audit, 'before its audit event', 'The outcome is written and not committed.'),
  point('finish', stops.answered, 'right after the answer left', 'It has committed the outcome, and the executor reports it again.'),
  {
    name: 'database: at any moment of a stream of writes',
    sentence: 'Several side effects are on their way at once, each somewhere else.',
    database: 'postgresql',
    stories: streamStories,
    ends: ['COMPLETED', 'FAILED', 'UNKNOWN'],
    effects: [0, 1],
    run: (world, stories, random) =>
      runStream(stories, 1 + random.below(streamStories * 4 - 2), async () => {
        await world.postgres!.kill()
        await world.postgres!.start()
      }),
  },
]
