import type { autopackRunStates, PhaseState } from '@autopack/contract/runs'
import type { RunRow } from '../../db/run-tables.ts'
import { fromPhaseLetters } from './phase-letters.ts'

type AutopackRunState = (typeof autopackRunStates)[number]
type Told = Pick<RunRow, 'state' | 'phase_states' | 'phases_total' | 'phases_queued' | 'phases_completed' | 'phases_skipped' | 'phases_failed'>

/** The run in Autopack's words: real while it works, where the old server said RUN_CREATED until the end. */
export function autopackRunState(run: Told): AutopackRunState {
  if (run.state === 'done') return 'DONE_SUCCESS'
  if (run.state === 'failed' || run.state === 'stopped') return 'DONE_FAILED_REQUIRES_HUMAN_REVIEW'
  if (run.phases_queued === run.phases_total) return 'RUN_CREATED'
  const active = run.phases_total - run.phases_queued - run.phases_completed - run.phases_skipped - run.phases_failed
  if (active === 0) return 'PHASE_QUEUEING'
  const states: PhaseState[] = fromPhaseLetters(run.phase_states)
  if (states.includes('EXECUTING')) return 'PHASE_EXECUTION'
  if (states.includes('CI_RUNNING')) return 'CI_RUNNING'
  if (states.includes('GATE')) return 'GATE'
  // The active phase lies beyond those that the row names one by one.
  return 'PHASE_EXECUTION'
}
