import { type ExternalAction } from '@autopack/contract/external-actions'
import { getExternalAction } from '@autopack/contract/operator-actions'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

/** An answer and an event of the stream may arrive in any order: the higher version stays, and of equal ones the later answer. */
export function keepNewerAction(held: ExternalAction | undefined, arrived: ExternalAction): ExternalAction {
  if (held === undefined || held.action_id !== arrived.action_id) return arrived
  if (held.version !== arrived.version) return held.version > arrived.version ? held : arrived
  return held.now > arrived.now ? held : arrived
}

export function externalActionQuery(actionId: string) {
  return queryOptions({
    queryKey: ['external-actions', 'one', actionId],
    queryFn: ({ signal }) => call(getExternalAction, { params: { action_id: actionId }, signal }),
    structuralSharing: (held, arrived) => keepNewerAction(held as ExternalAction | undefined, arrived as ExternalAction),
  })
}
