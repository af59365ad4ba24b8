import type { updatePhaseStatus as route } from '@autopack/contract/runs'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { PhaseRow, RunRow } from '../../db/run-tables.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { isEnded } from '../../shared/run-state.ts'
import { lockRunOfExecutor } from '../../shared/touch-run.ts'
import { canFollow, whatMayFollow } from './can-follow.ts'
import { addCounted, refuseTokensWithoutModel } from './counted.ts'
import { listPhases, listTiers, updatePhase, updateRun } from './run-rows.ts'
import { isActive, summarisePhases } from './summarise-phases.ts'
import { isEndedPhase } from './tier-state.ts'
import { toAutopackPhase } from './to-autopack-run.ts'

type Input = Pick<RouteInput<typeof route, ExecutorPrincipal>, 'principal' | 'params' | 'body'>

/** Gives a phase its next state and the run what follows from it; the last phase that ends, ends the run. */
export async function updatePhaseStatus(deps: Deps, { principal, params, body }: Input) {
  return deps.db.transaction(async (tx) => {
    const run = await lockRunOfExecutor(tx, principal.executorId, params.run_id)
    const phases = await listPhases(tx, run.run_id)
    const before = phases.find((phase) => phase.phase_id === params.phase_id)
    if (!before) throw new ProblemError('not_found', `The run ${run.run_id} has no phase ${params.phase_id}.`)
    if (!canFollow(before.state, body.state))
      throw new ProblemError(
        'illegal_transition',
        `The phase ${before.phase_id} is ${before.state} and cannot become ${body.state}; ${whatMayFollow(before.state)}.`,
      )
    refuseTokensWithoutModel(run, body.tokens_used)
    const now = await readClock(tx, deps.now)
    const tier = (await listTiers(tx, run.run_id)).find(({ tier_id }) => tier_id === before.tier_id)
    const changes = changesOf(before, body, now)
    const message = `Phase ${before.phase_id} is ${body.state}`
    if (Object.entries(changes).every(([name, value]) => isSame(before[name as keyof PhaseRow], value))) {
      await updateRun(tx, run.run_id, { heard_at: now })
      return { message, phase: toAutopackPhase(run, before, tier?.id ?? 0) }
    }

    const phase = await updatePhase(tx, run.run_id, before.phase_id, changes)
    const told = summarisePhases(
      phases.map((at) => (at.phase_id === phase.phase_id ? phase : at)),
      run.actions_waiting,
    )
    const version = run.version + 1
    await updateRun(tx, run.run_id, {
      ...told,
      started_at: run.started_at ?? (isActive(phase.state) ? now : null),
      completed_at: isEnded(told.state) ? (run.completed_at ?? now) : null,
      tokens_used: addCounted('tokens', run.tokens_used, phase.tokens_used - before.tokens_used),
      heard_at: now,
      version,
    })
    const answer = { message, phase: toAutopackPhase(run, phase, tier?.id ?? 0) }
    await recordEvent(tx, { type: 'run.changed', resource: { kind: 'run', id: run.run_id }, version, ...viewersOf(run) })
    return answer
  })
}

function changesOf(before: PhaseRow, body: Input['body'], now: Date) {
  const entered = before.state !== body.state
  const begins = entered && body.state === 'EXECUTING' && (before.state === 'QUEUED' || before.state === 'FAILED')
  return {
    state: body.state,
    // What the executor counts is believed, but nothing that was counted once is lost to a late or repeated report.
    attempts: body.builder_attempts ?? before.attempts + (begins ? 1 : 0),
    tokens_used: Math.max(before.tokens_used, body.tokens_used ?? 0),
    started_at: before.started_at ?? (isActive(body.state) ? now : null),
    completed_at: isEndedPhase(body.state) ? (entered ? now : before.completed_at) : null,
    failure_reason: body.state === 'FAILED' ? (body.failure_reason ?? (entered ? null : before.failure_reason)) : null,
    ...(entered && !isActive(body.state) ? { progress_done: null, progress_of: null } : {}),
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return one instanceof Date && other instanceof Date ? one.getTime() === other.getTime() : one === other
}

function viewersOf(run: RunRow) {
  return { executorId: run.executor_id, ownerOperatorId: run.owner_operator_id }
}
