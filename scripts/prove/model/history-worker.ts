/** One of the processes that take histories; its database is its own. Told which by messages of its parent. */
import { openModelWorld } from '../../../apps/control-plane/src/test/model/open-model-world.ts'
import { runHistories } from '../../../apps/control-plane/src/test/model/run-histories.ts'
import type { HistoryOptions, HistoryRun } from '../../../apps/control-plane/src/test/model/run-histories.ts'

export type WorkerTask = HistoryOptions
export type WorkerResult = { ready: true } | { run: HistoryRun } | { failed: string }

const world = await openModelWorld()
process.send!({ ready: true } satisfies WorkerResult)
process.on('message', (task: WorkerTask) => {
  runHistories(world, task).then(
    (run) => process.send!({ run } satisfies WorkerResult),
    (error: unknown) => process.send!({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies WorkerResult),
  )
})
process.on('disconnect', () => void world.close().then(() => process.exit(0)))
