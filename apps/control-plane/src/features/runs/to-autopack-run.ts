/** The executor plane's shapes: Autopack's names, with the faults of its old server mended. */
import { autopackPhaseSchema, autopackRunSchema } from '@autopack/contract/runs'
import * as z from 'zod/mini'
import type { PhaseRow, RunRow } from '../../db/run-tables.ts'
import { autopackRunState } from './autopack-run-state.ts'
import type { RunParts } from './run-rows.ts'
import { tierState } from './tier-state.ts'

export function toAutopackRun({ run, tiers, phases }: RunParts): z.infer<typeof autopackRunSchema> {
  const numbers = new Map(tiers.map((tier) => [tier.tier_id, tier.id]))
  const shown = phases.map((phase) => ({ row: phase, phase: toAutopackPhase(run, phase, numbers.get(phase.tier_id) ?? 0) }))
  return z.parse(autopackRunSchema, {
    id: run.run_id,
    state: autopackRunState(run),
    safety_profile: run.safety_profile,
    run_scope: run.run_scope,
    created_at: run.created_at.toISOString(),
    started_at: run.started_at?.toISOString() ?? null,
    completed_at: run.completed_at?.toISOString() ?? null,
    tokens_used: run.tokens_used,
    ci_runs_used: 0,
    minor_issues_count: 0,
    major_issues_count: 0,
    promotion_eligible_to_main: 'false',
    debt_status: null,
    failure_reason: run.failure_reason,
    tiers: tiers.map((tier) => {
      const own = shown.filter(({ row }) => row.tier_id === tier.tier_id)
      return {
        id: tier.id,
        tier_id: tier.tier_id,
        name: tier.name,
        state: tierState(own.map(({ row }) => row.state)),
        tier_index: tier.tier_index,
        cleanliness: 'clean',
        minor_issues_count: 0,
        major_issues_count: 0,
        phases: own.map(({ phase }) => phase),
      }
    }),
    phases: shown.map(({ phase }) => phase),
  })
}

/** `tierNumber` is the tier's row number, which the old server called `tier_id` here. */
export function toAutopackPhase(run: RunRow, phase: PhaseRow, tierNumber: number): z.infer<typeof autopackPhaseSchema> {
  return z.parse(autopackPhaseSchema, {
    id: phase.id,
    phase_id: phase.phase_id,
    run_id: run.run_id,
    tier_id: tierNumber,
    name: phase.name,
    description: phase.description,
    state: phase.state,
    task_category: phase.task_category,
    complexity: phase.complexity,
    builder_mode: phase.builder_mode,
    phase_index: phase.phase_index,
    scope: null,
    intention_refs: null,
    tokens_used: run.uses_model ? phase.tokens_used : null,
    builder_attempts: phase.attempts,
    started_at: phase.started_at?.toISOString() ?? null,
    completed_at: phase.completed_at?.toISOString() ?? null,
    last_failure_reason: phase.failure_reason,
  })
}
