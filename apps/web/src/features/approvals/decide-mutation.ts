import { decideExternalAction } from '@autopack/contract/operator-actions'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { externalActionQuery } from '../../shared/external-action-queries.ts'

export type Decision = BodyOf<typeof decideExternalAction>
/** What is decided about which action; captured when the button is pressed, from what was on screen. */
export type DecideInput = { action_id: string; decision: Decision }

/** Decides one revision. The answer and the stream's event meet in the cache of the action; refusals make the page read it again. */
export const decideMutation = mutationOptions({
  mutationKey: ['decide'],
  mutationFn: ({ action_id, decision }: DecideInput) => call(decideExternalAction, { params: { action_id }, body: decision }),
  onSuccess: (action, { action_id }, _, { client }) => {
    client.setQueryData(externalActionQuery(action_id).queryKey, action)
  },
  onSettled: (_answer, _error, { action_id }, _result, { client }) => {
    // Not waited for: the decision is taken or refused, whatever the reads that follow do.
    void client.invalidateQueries({ queryKey: externalActionQuery(action_id).queryKey })
    void client.invalidateQueries({ queryKey: ['approvals'] })
  },
})
