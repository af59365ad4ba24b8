import type { CrashPoint } from './crash-point.ts'
import type { CrashWorld } from './crash-world.ts'
import { pollUntil } from './poll-until.ts'
import type { Story } from './story.ts'
import { within } from './within.ts'

const caughtMs = 30_000

type Moment = {
  name: string
  sentence: string
  ends: CrashPoint['ends']
  effects: CrashPoint['effects']
  /** Answers when it is reached, with what happens right after the kill. */
  reach: (world: CrashWorld, story: Story) => Promise<(() => Promise<void>) | void>
}

const until = (what: string, caught: Promise<void>): Promise<void> => within(caughtMs, what, caught)
const begins = (line: RegExp) => (bytes: Buffer) => line.test(bytes.toString('latin1', 0, 200))
const anyPost = /^POST /

const moments: readonly Moment[] = [
  {
    name: 'executor: with its claim committed, before it hears so',
    sentence: 'The execution is handed out, and nobody took it.',
    ends: ['UNKNOWN'],
    effects: [0],
    reach: (world) => until('the answer to claim', world.gates.controlPlane.set('answer', begins(/^POST \S+\/claim /)).caught),
  },
  {
    name: 'executor: after its claim, before it connects',
    sentence: 'The last look is on its way to the control plane; nothing was sent.',
    ends: ['UNKNOWN'],
    effects: [0],
    reach: (world) => until('the last look', world.gates.controlPlane.set('request', begins(/^POST \S+\/heartbeat /)).caught),
  },
  {
    name: 'executor: while the shop has its request',
    sentence: 'The shop has all of the request, and carries it out after its sender is gone.',
    ends: ['UNKNOWN'],
    effects: [1],
    async reach(world) {
      const known = world.readEffects().length
      world.shop.pause()
      await until('the request to the shop', world.gates.shop.set('answer', begins(anyPost)).asked)
      return async () => {
        world.shop.resume()
        await pollUntil(caughtMs, 'the shop to carry it out', async () => world.readEffects().length > known)
      }
    },
  },
  {
    name: 'executor: with the answer of the shop on its way',
    sentence: 'The shop has done it and said so, and the executor did not hear it.',
    ends: ['UNKNOWN'],
    effects: [1],
    reach: (world) => until('the answer of the shop', world.gates.shop.set('answer', begins(anyPost)).caught),
  },
  {
    name: 'executor: after the answer of the shop, before its report',
    sentence: 'The executor knows that it was done, and its report never arrives.',
    ends: ['UNKNOWN'],
    effects: [1],
    reach: (world) => until('the report', world.gates.controlPlane.set('request', begins(/^POST \S+\/finish /)).caught),
  },
  {
    name: 'executor: with its report committed, before it hears so',
    sentence: 'The outcome is recorded, and nobody is left who would report it again.',
    ends: ['COMPLETED'],
    effects: [1],
    reach: (world) => until('the answer to the report', world.gates.controlPlane.set('answer', begins(/^POST \S+\/finish /)).caught),
  },
]

export const executorPoints: readonly CrashPoint[] = [
  {
    name: 'executor: with its proposal committed, before it hears so',
    sentence: 'The proposal is there; whoever starts the executor again makes it propose the same.',
    database: 'postgresql',
    stories: 1,
    ends: ['COMPLETED'],
    effects: [1],
    async run(world, [story]) {
      const answered = world.gates.controlPlane.set('answer', begins(/^POST \/external-actions /)).caught
      const proposing = story!.propose()
      await until('the answer to the proposal', answered)
      await world.executor.killAndReplace()
      await proposing
      await story!.goOn()
    },
  },
  ...moments.map(toPoint),
]

function toPoint({ reach, ...about }: Moment): CrashPoint {
  return {
    ...about,
    database: 'postgresql',
    stories: 1,
    async run(world, [story]) {
      await story!.propose()
      await story!.approve()
      const reaching = reach(world, story!)
      const performing = story!.perform()
      const afterwards = await reaching
      await world.executor.killAndReplace()
      await performing
      await afterwards?.()
      // Its successor remembers nothing: it proposes the same again, and is careless enough to try to perform it.
      await story!.propose()
      await story!.performInVain('already_claimed')
    },
  }
}
