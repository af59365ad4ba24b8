import { afterAll, beforeAll, expect, it } from 'vitest'
import { openModelWorld } from '../../test/model/open-model-world.ts'
import type { World } from '../../test/model/open-model-world.ts'
import { runHistories } from '../../test/model/run-histories.ts'

let world: World
beforeAll(async () => {
  world = await openModelWorld()
})
afterAll(() => world.close())

// A few of the histories that `npm run prove` takes by the ten thousand; the same on every run, so that a failure is not luck.
it('any history of proposals, edits, decisions, claims, reports, brakes, caps and deaths goes as the model says (I-1 to I-17, I-19)', async () => {
  const run = await runHistories(world, { how: 'rolled back', stems: 25, endings: 5, seed: 2026 })
  expect(run.violations).toEqual([])
  expect(run.histories).toBe(125)
}, 120_000)

it('histories whose transactions commit, and whose deaths break the connection where there is one, go as the model says', async () => {
  const run = await runHistories(world, { how: 'committed', stems: 8, endings: 1, seed: 2026 })
  expect(run.violations).toEqual([])
  expect(run.histories).toBe(8)
}, 120_000)
