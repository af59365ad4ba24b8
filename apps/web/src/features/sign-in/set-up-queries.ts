import { getSetUp } from '@autopack/contract/set-up'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/** Whether nobody can sign in yet. Not known is no: the form then says what is wrong. */
export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: ({ signal }) => call(getSetUp, { signal }),
  staleTime: 5_000,
})
