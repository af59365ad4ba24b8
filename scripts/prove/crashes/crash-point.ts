import type { ActionState } from '@autopack/contract/external-actions'
import type { CrashWorld } from './crash-world.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Story } from './story.ts'

/** A named moment at which one process is killed. */
export type CrashPoint = {
  /** `<who is killed>: <what it was doing>`; unique. */
  name: string
  /** Where exactly it dies, in one sentence. */
  sentence: string
  database: 'postgresql' | 'embedded'
  /** How many side effects are under way, each with a story of its own. */
  stories: number
  /** In which states they may end, and how often the shop may have each. */
  ends: readonly ActionState[]
  effects: readonly number[]
  /** Reaches the moment, kills, starts again what was killed, and lets everybody go on as they would. */
  run: (world: CrashWorld, stories: readonly Story[], random: SeededRandom) => Promise<void>
}
