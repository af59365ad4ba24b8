import { listOperators } from '@autopack/contract/people'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

/** Everybody who may sign in; to admins with everything about them. Nothing tells when it changes, so it is asked for again while it is looked at. */
export const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => call(listOperators, { signal }),
  staleTime: 5_000,
  refetchInterval: 30_000,
})
