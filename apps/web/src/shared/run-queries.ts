import { getRun, listRuns } from '@autopack/contract/runs'
import type { QueryInputOf } from '@autopack/contract/route'
import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ApplyEvent } from './live-event.ts'

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

/** A proposal or a decision moves its run between running and waiting, but that arrives as the run's own event. */
export const applyEventToRuns: ApplyEvent = (event) =>
  event.type === 'run.changed'
    ? [
        ['runs', 'list'],
        ['runs', 'one', event.resource.id],
      ]
    : []
