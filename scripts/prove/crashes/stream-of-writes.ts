import { pollUntil } from './poll-until.ts'
import type { Story } from './story.ts'

/** Lets all stories run at once and calls `strike` as soon as clients were told of so many writes; answers when all have ended. */
export async function runStream(stories: readonly Story[], afterWrites: number, strike: () => Promise<void>): Promise<void> {
  const told = (): number => stories.reduce((sum, { record }) => sum + record.acknowledged.length, 0)
  const running = Promise.all(stories.map((story) => story.goOn()))
  await Promise.all([running, pollUntil(60_000, `${afterWrites} acknowledged writes`, async () => told() >= afterWrites).then(strike)])
}
