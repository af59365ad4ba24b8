import { ApiProblem } from '@autopack/api-client/errors'
import type { WaitingItem } from '@autopack/contract/approvals'
import type { DecideInput } from './decide-mutation.ts'
import { toRefusal, type Refusal } from '../../shared/ledger/refusal-words.ts'
import type { RejectKind } from './reject-reason.ts'
import type { DecideRequestInput } from './request-queries.ts'

export type RejectedOne = { item: WaitingItem; refusal: Refusal | null }
type Send = (input: DecideInput | DecideRequestInput) => Promise<unknown>

/**
 * Rejects one after the other, each bound to the bytes its row showed, and tells each result as it arrives. Stops when `signal`
 * aborts, and when the server says that it is too fast; what was not tried has no result. There is no such thing for approving.
 */
export async function rejectSeveral(
  items: readonly WaitingItem[],
  { kind, reason }: { kind: RejectKind; reason: string },
  send: Send,
  onResult: (result: RejectedOne) => void,
  signal: AbortSignal,
): Promise<void> {
  for (const item of items) {
    if (signal.aborted) return
    try {
      await send(toRejection(item, kind, reason.trim()))
      onResult({ item, refusal: null })
    } catch (error) {
      onResult({ item, refusal: toRefusal(error) })
      if (error instanceof ApiProblem && error.code === 'rate_limited') return
    }
  }
}

function toRejection(item: WaitingItem, reject_kind: RejectKind, reason: string): DecideInput | DecideRequestInput {
  if (item.kind === 'external_action') {
    const { action_id, revision, payload_hash } = item.action
    return { action_id, decision: { kind: 'reject', revision, payload_hash, reject_kind, reason } }
  }
  return { ...item.approval_ref, decision: { kind: 'reject', body_sha256: item.request.body_sha256, reject_kind, reason } }
}
