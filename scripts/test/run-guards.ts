import { guards } from '../prove-guards/guards.ts'
import { proveGuards } from '../prove-guards/prove-guards.ts'
import { provedInEveryTest } from '../prove-guards/proved-in-every-test.ts'
import type { Tally } from './tally.ts'

/** Takes the chosen guards away, one at a time, and expects their tests to notice; each guard counts as one check. */
export async function runGuards(tally: Tally): Promise<void> {
  const chosen = guards.filter(({ name }) => provedInEveryTest.includes(name))
  tally.note(chosen.length === provedInEveryTest.length, 'guards: each one that every test run proves has its place in the list of guards')
  await proveGuards(chosen, ({ guard, killed, why }) => {
    tally.note(killed, `guard: ${guard.name}: ${guard.test.file} turns red without it`, `${guard.protects}\n${guard.test.name}\n${why}`)
  })
}
