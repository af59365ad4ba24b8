import type { RunSummary } from '@autopack/contract/runs'
import { expect, test } from 'vitest'
import { findWaitingChanges, showRows, updateShownRows } from './shown-rows.ts'

function buildRun(runId: string, version: number, state: RunSummary['state'] = 'running'): RunSummary {
  return {
    run_id: runId,
    name: runId,
    state,
    silent_since: null,
    executor: { executor_id: 'exr_1', name: 'demo-agent' },
    owner: null,
    phase_states: [],
    phases_total: 0,
    phases_done: 0,
    phases_failed: 0,
    current_phase_name: null,
    actions_waiting: 0,
    uses_model: false,
    tokens_used: null,
    token_cap: null,
    cpu_ms: 0,
    bytes_read: 0,
    bytes_written: 0,
    artifacts_count: 0,
    created_at: '2026-11-22T14:00:00.000Z',
    started_at: null,
    completed_at: null,
    heartbeat_at: null,
    heartbeat_note: null,
    failure_reason: null,
    version,
  }
}

test('A later answer changes rows in place and moves nothing', () => {
  const shown = updateShownRows(showRows([buildRun('b', 1), buildRun('a', 1)]), [buildRun('c', 1), buildRun('a', 2, 'done'), buildRun('b', 1)])
  expect(shown.order).toEqual(['b', 'a'])
  expect(shown.known.get('a')?.state).toBe('done')
  expect(shown.known.has('c')).toBe(false)
})

test('An answer that was overtaken never puts an old state back', () => {
  const shown = updateShownRows(showRows([buildRun('a', 5, 'done')]), [buildRun('a', 4, 'running')])
  expect(shown.known.get('a')?.state).toBe('done')
})

test('A row that left the page stays until the operator asks', () => {
  const shown = updateShownRows(showRows([buildRun('a', 1), buildRun('b', 1)]), [buildRun('c', 1), buildRun('a', 1)])
  expect(shown.order).toEqual(['a', 'b'])
})

test('The pill counts new rows, and knows when only the order differs', () => {
  const shown = showRows([buildRun('a', 1), buildRun('b', 1)])
  expect(findWaitingChanges(shown, [buildRun('d', 1), buildRun('c', 1), buildRun('a', 1)])).toEqual({ added: 2, moved: false })
  expect(findWaitingChanges(shown, [buildRun('b', 1), buildRun('a', 1)])).toEqual({ added: 0, moved: true })
  expect(findWaitingChanges(shown, [buildRun('a', 2), buildRun('b', 1)])).toEqual({ added: 0, moved: false })
})

test('A row that no longer fits the filter is a change that waits for the operator', () => {
  expect(findWaitingChanges(showRows([buildRun('a', 1), buildRun('b', 1)]), [buildRun('a', 1)])).toEqual({ added: 0, moved: true })
})
