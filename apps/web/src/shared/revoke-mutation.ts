import { revokeExternalAction } from '@autopack/contract/operator-actions'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { externalActionQuery } from './external-action-queries.ts'

export type RevokeInput = { action_id: string; revocation: BodyOf<typeof revokeExternalAction> }

/** Takes an approval back. Whatever comes of it, the action and the lists it stands in are read again. */
export const revokeMutation = mutationOptions({
  mutationKey: ['revoke'],
  mutationFn: ({ action_id, revocation }: RevokeInput) => call(revokeExternalAction, { params: { action_id }, body: revocation }),
  onSuccess: (action, { action_id }, _, { client }) => {
    client.setQueryData(externalActionQuery(action_id).queryKey, action)
  },
  onSettled: (_answer, _error, { action_id }, _result, { client }) => {
    void client.invalidateQueries({ queryKey: externalActionQuery(action_id).queryKey })
    void client.invalidateQueries({ queryKey: ['external-actions', 'ledger'] })
    void client.invalidateQueries({ queryKey: ['approvals'] })
  },
})
