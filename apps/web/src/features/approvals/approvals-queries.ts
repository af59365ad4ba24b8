import { getExternalAction, getExternalActionPayload, type ExternalAction } from '@autopack/contract/external-actions'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import type { ApplyEvent } from '../../shared/live-event.ts'

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

/** The payload's bytes of one revision. They never change, so they are read once. */
export function payloadQuery(actionId: string, revision: number) {
  return queryOptions({
    queryKey: ['external-actions', 'payload', actionId, revision],
    // An answer of kind `bytes` has no schema, so its type says undefined; it is always the whole body.
    queryFn: async ({ signal }) =>
      (await call(getExternalActionPayload, { params: { action_id: actionId }, query: { revision }, signal })) as unknown as Uint8Array,
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}

export const applyApprovalsEvent: ApplyEvent = (event) =>
  event.type === 'external_action.changed' ? [['external-actions', 'one', event.resource.id]] : []
