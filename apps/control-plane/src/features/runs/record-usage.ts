import type { recordUsage as route } from '@autopack/contract/runs'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { recordEvent } from '../../events/record-event.ts'
import { findIdempotent, recordIdempotent, toRequestSha256 } from '../../shared/idempotency.ts'
import type { ExecutorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { lockRunOfExecutor } from '../../shared/touch-run.ts'
import { addCounted, refuseTokensWithoutModel } from './counted.ts'
import { insertUsage, listPhases, updatePhase, updateRun } from './run-rows.ts'

type Input = RouteInput<typeof route, ExecutorPrincipal>

/** Adds a report to the run and its phase, once per Idempotency-Key; the answer is what the run has used in all. */
export async function recordUsage(deps: Deps, input: Input): Promise<AnswerOf<typeof route>> {
  const { principal, params, body } = input
  const place = {
    principalId: principal.executorId,
    routeId: 'recordUsage',
    key: input.idempotencyKey ?? '',
    bodySha256: toRequestSha256(input),
  }
  return deps.db.transaction(async (tx) => {
    const repeated = await findIdempotent(tx, place)
    if (repeated) return repeated.answer as AnswerOf<typeof route>

    const run = await lockRunOfExecutor(tx, principal.executorId, params.run_id)
    refuseTokensWithoutModel(run, body.tokens)
    const phase = body.phase_id === undefined ? undefined : (await listPhases(tx, run.run_id)).find((at) => at.phase_id === body.phase_id)
    if (body.phase_id !== undefined && !phase) throw new ProblemError('not_found', `The run ${run.run_id} has no phase ${body.phase_id}.`)

    const now = await readClock(tx, deps.now)
    const tokens = body.tokens ?? 0
    const sums = {
      tokens_used: addCounted('tokens', run.tokens_used, tokens),
      cpu_ms: addCounted('cpu_ms', run.cpu_ms, body.cpu_ms),
      bytes_read: addCounted('bytes_read', run.bytes_read, body.bytes_read),
      bytes_written: addCounted('bytes_written', run.bytes_written, body.bytes_written),
    }
    await insertUsage(tx, {
      run_id: run.run_id,
      phase_id: body.phase_id ?? null,
      model: body.model,
      tokens: body.tokens,
      cpu_ms: body.cpu_ms,
      bytes_read: body.bytes_read,
      bytes_written: body.bytes_written,
      reported_at: now,
    })
    if (phase) await updatePhase(tx, run.run_id, phase.phase_id, { tokens_used: phase.tokens_used + tokens, cpu_ms: phase.cpu_ms + body.cpu_ms })
    const version = run.version + 1
    await updateRun(tx, run.run_id, { ...sums, heard_at: now, version })
    const answer = {
      run_id: run.run_id,
      cpu_ms: sums.cpu_ms,
      bytes_read: sums.bytes_read,
      bytes_written: sums.bytes_written,
      tokens: run.uses_model ? sums.tokens_used : null,
    }
    await recordIdempotent(tx, place, answer, 201)
    await recordEvent(tx, {
      type: 'run.changed',
      resource: { kind: 'run', id: run.run_id },
      version,
      executorId: run.executor_id,
      ownerOperatorId: run.owner_operator_id,
    })
    return answer
  })
}
