import { ApiProblem } from '@autopack/api-client/errors'
import { getActionReceipt } from '@autopack/contract/receipts'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'
import { saveText } from '../save-text.ts'

/** Seconds until it is worth asking again; null: waiting helps nothing. The newest event is under no checkpoint yet, and soon will be. */
export function toWaitSeconds(error: unknown): number | null {
  return error instanceof ApiProblem && error.code === 'not_checkpointed' ? (error.retryAfterSeconds ?? 5) : null
}

/**
 * The receipt of an action as it is now: exactly the text of the file. Asks again by itself while it waits for a checkpoint. `version`: of
 * the action, as another one has another receipt.
 */
export function receiptQuery(actionId: string, version: number) {
  return queryOptions({
    queryKey: ['receipt', actionId, version],
    queryFn: async ({ signal }) => {
      const bytes = (await call(getActionReceipt, { params: { action_id: actionId }, signal })) as unknown as Uint8Array
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    },
    retry: (_failures, error) => toWaitSeconds(error) !== null,
    retryDelay: (_failures, error) => (toWaitSeconds(error) ?? 1) * 1_000,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
}

export function saveReceipt(actionId: string, text: string): void {
  saveText(toReceiptName(actionId), 'application/json', text)
}

export function toReceiptName(actionId: string): string {
  return `receipt-${actionId}.json`
}
