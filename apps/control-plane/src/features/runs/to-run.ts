/** The operator plane's shapes of a run; the only way a run row leaves this server towards people. */
import { silentAfterMs } from '@autopack/contract/limits'
import type { RunDetail, RunSummary } from '@autopack/contract/operator-runs'
import { runDetailSchema, runSummarySchema } from '@autopack/contract/operator-runs'
import * as z from 'zod/mini'
import type { PhaseRow, RunRow, TierRow } from '../../db/run-tables.ts'
import { fromPhaseLetters } from './phase-letters.ts'
import type { NamedRunRow } from './run-rows.ts'
import { tierState } from './tier-state.ts'

/** `now` is the database's clock. */
export function toRunSummary(named: NamedRunRow, now: Date): RunSummary {
  return z.parse(runSummarySchema, summary(named, now))
}

export function toRunDetail(named: NamedRunRow, tiers: TierRow[], phases: PhaseRow[], now: Date): RunDetail {
  return z.parse(runDetailSchema, {
    ...summary(named, now),
    tiers: tiers.map((tier) => {
      const own = phases.filter((phase) => phase.tier_id === tier.tier_id)
      return {
        tier_id: tier.tier_id,
        tier_index: tier.tier_index,
        name: tier.name,
        description: tier.description,
        state: tierState(own.map((phase) => phase.state)),
        phases: own.map((phase) => toRunPhase(named.run, phase)),
      }
    }),
    now: now.toISOString(),
  })
}

function summary({ run, executor_name, owner_name }: NamedRunRow, now: Date): RunSummary {
  return {
    run_id: run.run_id,
    name: run.name,
    state: run.state,
    silent_since: isSilent(run, now) ? run.heard_at.toISOString() : null,
    executor: { executor_id: run.executor_id, name: executor_name },
    owner: run.owner_operator_id === null || owner_name === null ? null : { operator_id: run.owner_operator_id, name: owner_name },
    phase_states: fromPhaseLetters(run.phase_states),
    phases_total: run.phases_total,
    phases_done: run.phases_completed + run.phases_skipped,
    phases_failed: run.phases_failed,
    current_phase_name: run.current_phase_name,
    actions_waiting: run.actions_waiting,
    uses_model: run.uses_model,
    tokens_used: run.uses_model ? run.tokens_used : null,
    token_cap: run.token_cap,
    cpu_ms: run.cpu_ms,
    bytes_read: run.bytes_read,
    bytes_written: run.bytes_written,
    artifacts_count: run.artifacts_count,
    created_at: run.created_at.toISOString(),
    started_at: run.started_at?.toISOString() ?? null,
    completed_at: run.completed_at?.toISOString() ?? null,
    heartbeat_at: run.heartbeat_at?.toISOString() ?? null,
    heartbeat_note: run.heartbeat_note,
    failure_reason: run.failure_reason,
    version: run.version,
  }
}

/** A run that waits for a person, or has not begun, owes nobody a sign of life. */
function isSilent(run: RunRow, now: Date): boolean {
  return run.state === 'running' && run.heard_at.getTime() < now.getTime() - silentAfterMs
}

function toRunPhase(run: RunRow, phase: PhaseRow): RunDetail['tiers'][number]['phases'][number] {
  return {
    phase_id: phase.phase_id,
    tier_id: phase.tier_id,
    phase_index: phase.phase_index,
    name: phase.name,
    description: phase.description,
    state: phase.state,
    attempts: phase.attempts,
    tokens_used: run.uses_model ? phase.tokens_used : null,
    cpu_ms: phase.cpu_ms,
    progress: phase.progress_done === null || phase.progress_of === null ? null : { done: phase.progress_done, of: phase.progress_of },
    started_at: phase.started_at?.toISOString() ?? null,
    completed_at: phase.completed_at?.toISOString() ?? null,
    failure_reason: phase.failure_reason,
  }
}
