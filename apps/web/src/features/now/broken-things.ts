import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import type { RunSummary } from '@autopack/contract/operator-runs'

/** A run or an action that did not end well. `at`: when it did. */
export type BrokenThing = { at: string } & ({ kind: 'run'; run: RunSummary } | { kind: 'action'; action: ExternalActionSummary })

/** The newest first. Failures count since the last visit; what nobody knows the end of stays until somebody has looked. */
export function listBrokenThings(runs: readonly RunSummary[], actions: readonly ExternalActionSummary[], since: string | null): BrokenThing[] {
  const sinceMs = since === null ? Number.NEGATIVE_INFINITY : Date.parse(since)
  const failedRuns = runs.map((run) => ({ kind: 'run' as const, run, at: run.completed_at ?? run.created_at }))
  const failedActions = actions
    .filter(({ state }) => state === 'FAILED' || state === 'UNKNOWN')
    .map((action) => ({ kind: 'action' as const, action, at: action.finished_at ?? action.decided_at ?? action.requested_at }))
  return [...failedRuns, ...failedActions]
    .filter((thing) => Date.parse(thing.at) > sinceMs || (thing.kind === 'action' && thing.action.state === 'UNKNOWN'))
    .toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at))
}
