import { guards } from '../prove-guards/guards.ts'
import { proveGuards } from '../prove-guards/prove-guards.ts'
import type { Tally } from './tally.ts'

/** Takes each named guard away and expects its test to notice; each guard counts as one check. */
export async function runGuards(tally: Tally): Promise<void> {
  await proveGuards(guards, ({ guard, killed, why }) => {
    tally.note(killed, `guard: ${guard.name}: ${guard.test.file} turns red without it`, `${guard.protects}\n${guard.test.name}\n${why}`)
  })
}
