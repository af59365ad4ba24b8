import { listAuditCheckpoints } from '@autopack/contract/checkpoints'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

/** The newest hundred. One is written every few seconds while something happens, and nothing tells of it. */
export const newestCheckpointsQuery = queryOptions({
  queryKey: ['audit', 'checkpoints'],
  queryFn: ({ signal }) => call(listAuditCheckpoints, { query: { limit: 100 }, signal }),
  refetchInterval: 15_000,
})

/** All of them, newest first, as far back as anybody asks. They never change, so new ones are not waited for here. */
export const allCheckpointsQuery = infiniteQueryOptions({
  queryKey: ['audit-checkpoints'],
  queryFn: ({ signal, pageParam }) => call(listAuditCheckpoints, { query: { limit: 100, cursor: pageParam ?? undefined }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.next_cursor,
  staleTime: 10 * 60_000,
})
