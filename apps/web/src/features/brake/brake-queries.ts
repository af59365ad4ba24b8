import { engageBrake, listBrakes, releaseBrake } from '@autopack/contract/operator-control'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { listExternalActions } from '@autopack/contract/operator-actions'
import type { BodyOf } from '@autopack/contract/route'
import { infiniteQueryOptions, mutationOptions, queryOptions, type QueryClient } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'
import { withStepUp } from '../../shared/step-up/with-step-up.ts'

/** What stands in one state of the ledger now: all of it counted, the newest hundred listed. */
export function ledgerNowQuery(state: ExternalActionSummary['state']) {
  return queryOptions({
    queryKey: ['external-actions', 'ledger', 'now', state],
    queryFn: ({ signal }) => call(listExternalActions, { query: { state, limit: 100 }, signal }),
  })
}

/** Every brake there was, the newest first, read further back only when asked. */
export const brakeHistoryQuery = infiniteQueryOptions({
  queryKey: ['brakes'],
  queryFn: ({ signal, pageParam }) => call(listBrakes, { query: { limit: 20, cursor: pageParam ?? undefined }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
})

function readAgain(client: QueryClient): void {
  // Not waited for: it is stopped or released, whatever the reads that follow do.
  for (const key of ['control', 'status', 'brakes', 'external-actions']) void client.invalidateQueries({ queryKey: [key] })
}

export const engageMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof engageBrake>) => call(engageBrake, { body }),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})

export const releaseMutation = mutationOptions({
  mutationFn: ({ words, ...body }: { brake_id: string; reason: string; words: string }) =>
    withStepUp({ purpose: 'brake_release', brake_id: body.brake_id }, words, (signature) => call(releaseBrake, { body: { ...body, signature } })),
  onSettled: (_answer, _error, _body, _result, { client }) => readAgain(client),
})
