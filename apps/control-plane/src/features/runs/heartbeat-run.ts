import type { heartbeatRun as route } from '@autopack/contract/runs'
import { silentAfterMs } from '@autopack/contract/limits'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { lockRunOfExecutor, refuseClosedRun } from '../../shared/touch-run.ts'
import { listPhases, updatePhase, updateRun } from './run-rows.ts'
import { isActive } from './summarise-phases.ts'

type Input = Pick<RouteInput<typeof route, ExecutorPrincipal>, 'principal' | 'params' | 'body'>

const eventIntervalMs = 1_000

/**
 * Notes that the executor is alive, what it says it does, and how far the current phase is. Live views hear of it only
 * when something they show has changed, and at most once a second; a change that had to keep quiet is told with a
 * later heartbeat.
 */
export async function heartbeatRun(deps: Deps, { principal, params, body }: Input) {
  if ((body.done === undefined) !== (body.of === undefined))
    throw new ProblemError('invalid_request', 'body: done and of go together; send both or neither.')
  if (body.done !== undefined && body.of !== undefined && body.done > body.of)
    throw new ProblemError('invalid_request', 'body done: is more than of.')
  return deps.db.transaction(async (tx) => {
    const run = await lockRunOfExecutor(tx, principal.executorId, params.run_id)
    const now = await readClock(tx, deps.now)
    refuseClosedRun(run, now, 0)

    const current = body.done === undefined ? undefined : (await listPhases(tx, run.run_id)).find((phase) => isActive(phase.state))
    const progressed = current !== undefined && (current.progress_done !== body.done || current.progress_of !== body.of)
    if (progressed) await updatePhase(tx, run.run_id, current.phase_id, { progress_done: body.done ?? null, progress_of: body.of ?? null })
    const note = body.note ?? run.heartbeat_note
    const wasSilent = run.state === 'running' && run.heard_at.getTime() < now.getTime() - silentAfterMs
    const changed = progressed || note !== run.heartbeat_note || wasSilent
    const owed = changed || run.heartbeat_unannounced
    const told = owed && (run.heartbeat_event_at === null || now.getTime() - run.heartbeat_event_at.getTime() >= eventIntervalMs)
    const version = run.version + (changed ? 1 : 0)
    await updateRun(tx, run.run_id, {
      heard_at: now,
      heartbeat_at: now,
      heartbeat_note: note,
      heartbeat_unannounced: owed && !told,
      version,
      ...(told ? { heartbeat_event_at: now } : {}),
    })
    if (told)
      await recordEvent(tx, {
        type: 'run.changed',
        resource: { kind: 'run', id: run.run_id },
        version,
        executorId: run.executor_id,
        ownerOperatorId: run.owner_operator_id,
      })
    return { run_id: run.run_id, heartbeat_at: now.toISOString() }
  })
}
