import { getRun, listRuns } from '@autopack/contract/operator-runs'
import type { QueryInputOf } from '@autopack/contract/route'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

export type RunFilter = NonNullable<QueryInputOf<typeof listRuns>>

export function runListQuery(filter: RunFilter) {
  return queryOptions({
    queryKey: ['runs', 'list', filter],
    queryFn: ({ signal }) => call(listRuns, { query: filter, signal }),
    placeholderData: keepPreviousData,
  })
}

export function runQuery(runId: string) {
  return queryOptions({
    queryKey: ['runs', 'one', runId],
    queryFn: ({ signal }) => call(getRun, { params: { run_id: runId }, signal }),
  })
}
