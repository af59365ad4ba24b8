import type { CrashPoint } from './crash-point.ts'
import { runStream } from './stream-of-writes.ts'

const streamStories = 5

export const embeddedPoints: readonly CrashPoint[] = [
  {
    name: 'control plane with the embedded database: at any moment of a stream of writes',
    sentence: 'Control plane and database are one process and die together; a killed process loses nothing, only a power cut may.',
    database: 'embedded',
    stories: streamStories,
    ends: ['COMPLETED', 'FAILED', 'UNKNOWN', 'EXECUTING'],
    effects: [0, 1],
    run: (world, stories, random) =>
      runStream(stories, 1 + random.below(streamStories * 4 - 2), async () => {
        await world.controlPlane.kill()
        await world.controlPlane.restart()
      }),
  },
]
