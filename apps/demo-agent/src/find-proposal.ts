import { ApiProblem } from '@autopack/api-client/errors'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { Executor } from '@autopack/executor-sdk/create-executor'
import { RevisedMeanwhile } from '@autopack/executor-sdk/executor-errors'
import type { AgentState, Edit } from './agent-state.ts'

/** The action of this run as it is now: proposed, or with the last edit made again, both of which find it when it is there. */
export function findProposal(executor: Executor, left: Pick<AgentState, 'run_id' | 'edit'>, proposal: NonNullable<AgentState['proposal']>) {
  return left.edit === undefined ? executor.propose(proposal, { run_id: left.run_id, phase_id: 'publish' }) : makeEdit(executor, left.edit)
}

/**
 * Makes the edit, or finds it made. Where it comes too late (people decided, or the time was over, before it arrived) answers with the
 * action as it is. Throws `RevisedMeanwhile` when that is open with a payload that this agent does not know: it must not be sent.
 */
export async function makeEdit(executor: Executor, { of, proposal }: Edit): Promise<ExecutorAction> {
  try {
    return await executor.revise(of, proposal)
  } catch (error) {
    if (error instanceof RevisedMeanwhile) return takeEnded(error)
    if (!(error instanceof ApiProblem) || !['not_open', 'expired', 'stale_revision'].includes(error.code)) throw error
  }
  try {
    return await executor.getAction(of)
  } catch (error) {
    if (error instanceof RevisedMeanwhile) return takeEnded(error)
    throw error
  }
}

function takeEnded(error: RevisedMeanwhile): ExecutorAction {
  if (error.action.state === 'PENDING' || error.action.state === 'APPROVED') throw error
  return error.action
}
