import { getExternalActionPayload, listExternalActions, resolveExternalAction } from '@autopack/contract/operator-actions'
import type { BodyOf } from '@autopack/contract/route'
import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { externalActionQuery } from '../../shared/external-action-queries.ts'
import type { LedgerFilter } from './ledger-filter.ts'

export function ledgerQuery(filter: LedgerFilter) {
  return queryOptions({
    queryKey: ['external-actions', 'ledger', filter],
    queryFn: ({ signal }) => call(listExternalActions, { query: filter, signal }),
    placeholderData: keepPreviousData,
  })
}

const countEveryMs = 10_000

/** How many rows a saved view has. Apart from the list, and by the clock: six counts with every event would be a load of their own. */
export function ledgerCountQuery(filter: Pick<LedgerFilter, 'state' | 'observed'>) {
  return queryOptions({
    queryKey: ['ledger-count', filter],
    queryFn: async ({ signal }) => (await call(listExternalActions, { query: { ...filter, limit: 1 }, signal })).total,
    refetchInterval: countEveryMs,
  })
}

export type PayloadWanted = { action_id: string; revision: number }

/** The payload's bytes of one revision, with what reads them: of no use one without the other. They never change. */
export function revisionQuery({ action_id, revision }: PayloadWanted) {
  return queryOptions({
    queryKey: ['external-actions', 'revision', action_id, revision],
    queryFn: async ({ signal }) => {
      const [bytes, { readRevision }] = await Promise.all([
        call(getExternalActionPayload, { params: { action_id }, query: { revision }, signal }),
        import('./read-revision.ts'),
      ])
      // An answer of kind `bytes` has no schema, so its type says undefined; it is always the whole body.
      return readRevision(bytes as unknown as Uint8Array)
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}

export type ResolveInput = { action_id: string; finding: BodyOf<typeof resolveExternalAction> }

/** Says what came of an unknown outcome. Whatever comes of it, the action and the lists it stands in are read again. */
export const resolveMutation = mutationOptions({
  mutationKey: ['resolve'],
  mutationFn: ({ action_id, finding }: ResolveInput) => call(resolveExternalAction, { params: { action_id }, body: finding }),
  onSuccess: (action, { action_id }, _, { client }) => {
    client.setQueryData(externalActionQuery(action_id).queryKey, action)
  },
  onSettled: (_answer, _error, { action_id }, _result, { client }) => {
    void client.invalidateQueries({ queryKey: externalActionQuery(action_id).queryKey })
    void client.invalidateQueries({ queryKey: ['external-actions', 'ledger'] })
    void client.invalidateQueries({ queryKey: ['ledger-count'] })
  },
})
