import { ApiProblem } from '@autopack/api-client/errors'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import type { Decision } from './decide-mutation.ts'
import { toRefusal, type Refusal } from '../../shared/ledger/refusal-words.ts'
import type { RejectKind } from './reject-reason.ts'

export type RejectedOne = { action: ExternalActionSummary; refusal: Refusal | null }
type Send = (input: { action_id: string; decision: Decision }) => Promise<unknown>

/**
 * Rejects one after the other, each bound to the revision and hash its row showed, and tells each result as it arrives. Stops when `signal`
 * aborts, and when the server says that it is too fast; what was not tried has no result. There is no such thing for approving.
 */
export async function rejectSeveral(
  actions: readonly ExternalActionSummary[],
  { kind, reason }: { kind: RejectKind; reason: string },
  send: Send,
  onResult: (result: RejectedOne) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const action of actions) {
    if (signal.aborted) return
    const { action_id, revision, payload_hash } = action
    try {
      await send({ action_id, decision: { kind: 'reject', revision, payload_hash, reject_kind: kind, reason: reason.trim() } })
      onResult({ action, refusal: null })
    } catch (error) {
      onResult({ action, refusal: toRefusal(error) })
      if (error instanceof ApiProblem && error.code === 'rate_limited') return
    }
  }
}
