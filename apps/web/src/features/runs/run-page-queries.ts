import { listExternalActions } from '@autopack/contract/operator-actions'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/** The external actions of one run, newest first: what left it, or wants to. */
export function leftRunQuery(runId: string) {
  return queryOptions({
    queryKey: ['left-run', runId],
    queryFn: ({ signal }) => call(listExternalActions, { query: { run_id: runId, limit: 100 }, signal }),
  })
}
