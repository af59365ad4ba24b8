import type { PhaseState } from '@autopack/contract/runs'
import type { MarkKind } from '../../shared/state-mark.tsx'

export const phaseWords: Record<PhaseState, { kind: MarkKind; label: string }> = {
  QUEUED: { kind: 'idle', label: 'Queued' },
  EXECUTING: { kind: 'running', label: 'Running' },
  GATE: { kind: 'waiting', label: 'Waiting for a person' },
  CI_RUNNING: { kind: 'running', label: 'Checks running' },
  COMPLETE: { kind: 'ok', label: 'Done' },
  FAILED: { kind: 'failed', label: 'Failed' },
  SKIPPED: { kind: 'superseded', label: 'Skipped' },
}
