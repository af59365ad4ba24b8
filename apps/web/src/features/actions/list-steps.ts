import type { DecisionKind, ExternalAction } from '@autopack/contract/external-actions'
import { toObservedWords } from '../../shared/ledger/observed-words.ts'

/** One thing that happened. `tone`: how it is drawn; `at` null: nobody wrote down when. */
export type Step = { key: string; words: string; at: string | null; tone: 'plain' | 'halted' | 'failed' | 'needs' }

const decisionWords: Record<DecisionKind, (name: string) => string> = {
  approve: (name) => `Approved by ${name}`,
  reject: (name) => `Rejected by ${name}`,
  ask_change: (name) => `${name} asked for a change`,
  revoke: (name) => `Revoked by ${name}`,
  veto: (name) => `Vetoed by ${name}`,
}

/** Everything that is known to have happened to an action, oldest first. */
export function listSteps(action: ExternalAction): Step[] {
  const steps: Step[] = []
  const add = (key: string, words: string, at: string | null, tone: Step['tone'] = 'plain') => steps.push({ key, words, at, tone })
  for (const { revision, created_at } of action.revisions) {
    add(
      `revision ${revision}`,
      revision === 1 ? `Proposed by ${action.executor.name}` : `Revision ${revision} by ${action.executor.name}`,
      created_at,
    )
  }
  for (const { decision_id, kind, decided_by, decided_at } of action.decisions) {
    add(decision_id, decisionWords[kind](decided_by.name), decided_at, kind === 'approve' || kind === 'ask_change' ? 'plain' : 'halted')
  }
  addExecution(action, add)
  const dated = steps.toSorted((a, b) => Date.parse(a.at!) - Date.parse(b.at!))
  return [...dated, ...listEndings(action)]
}

function addExecution(action: ExternalAction, add: (key: string, words: string, at: string, tone?: Step['tone']) => void): void {
  const { execution, executor } = action
  if (execution === null) return
  add('claimed', `Taken by ${executor.name}, fence ${execution.fence}`, execution.claimed_at)
  if (execution.finished_at !== null) {
    const sent = execution.sent === 'no' ? ', not sent' : execution.sent === 'yes' ? ', sent' : ''
    const endings = {
      completed: { words: 'Finished', tone: 'plain' },
      failed: { words: `Failed${sent}`, tone: 'failed' },
      simulated: { words: 'Walked the whole road, nothing left', tone: 'plain' },
      unknown: { words: 'Nobody knows how it ended', tone: 'needs' },
    } as const
    const { words, tone } = endings[execution.outcome ?? 'unknown']
    add('finished', words, execution.finished_at, tone)
  }
  if (execution.observed !== null) {
    const { result, observed_at } = execution.observed
    const words = { verified: 'as approved', drifted: toObservedWords(execution.observed), cannot_verify: 'cannot be verified' }[result]
    add('observed', `Read back: ${words}`, observed_at, result === 'drifted' ? 'halted' : 'plain')
  }
  if (execution.resolution !== null) {
    const { outcome, resolved_by, resolved_at } = execution.resolution
    add('resolved', `Looked up by ${resolved_by.name}: it ${outcome === 'completed' ? 'happened' : 'did not happen'}`, resolved_at)
  }
}

function listEndings({ state, execution, executor, change_requested }: ExternalAction): Step[] {
  if (state === 'EXPIRED') return [{ key: 'expired', words: 'Expired: nothing was sent', at: null, tone: 'plain' }]
  if (state === 'CANCELLED') return [{ key: 'cancelled', words: `Withdrawn by ${executor.name}`, at: null, tone: 'plain' }]
  if (state === 'UNKNOWN' && execution?.finished_at === null) {
    return [{ key: 'silent', words: `${executor.name} fell silent while it held the lease`, at: null, tone: 'needs' }]
  }
  if (state === 'PENDING' && change_requested)
    return [{ key: 'back', words: `${executor.name} has to send another revision`, at: null, tone: 'plain' }]
  return []
}
