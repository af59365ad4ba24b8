import { requestApproval } from '@autopack/contract/approval-requests'
import { claimExternalAction, proposeExternalAction, reviseExternalAction } from '@autopack/contract/executor-actions'
import { requestGovernance } from '@autopack/contract/governance'
import type { Route } from '@autopack/contract/route'
import { startRun } from '@autopack/contract/runs'

const beginning: readonly Route[] = [startRun, proposeExternalAction, reviseExternalAction, claimExternalAction, requestApproval, requestGovernance]

/** Whether an executor begins something by this, rather than telling what became of what it began or reading. */
export function beginsWork(route: Route): boolean {
  return beginning.some(({ id }) => id === route.id)
}
