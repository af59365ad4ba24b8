import type { RunSummary } from '@autopack/contract/operator-runs'

/** What a run says for itself, shortest useful: why it failed; while it runs, its last note or else its phase. Null: nothing. */
export function toLatestWords(
  run: Pick<RunSummary, 'failure_reason' | 'started_at' | 'completed_at' | 'heartbeat_note' | 'current_phase_name'>,
): string | null {
  if (run.failure_reason !== null) return run.failure_reason
  if (run.completed_at !== null || run.started_at === null) return null
  return run.heartbeat_note ?? run.current_phase_name
}
