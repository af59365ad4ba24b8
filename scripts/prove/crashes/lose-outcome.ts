import type { CrashWorld } from './crash-world.ts'
import type { Story } from './story.ts'
import { within } from './within.ts'

/** Lets the shop carry an approved action out, and kills the executor before it can report so. */
export async function loseOutcome(world: CrashWorld, story: Story): Promise<void> {
  const report = world.gates.controlPlane.set('request', (bytes) => /^POST \S+\/finish /.test(bytes.toString('latin1', 0, 200)))
  const performing = story.perform()
  await within(20_000, 'the report', report.caught)
  await world.executor.killAndReplace()
  await performing
}
