import { getControl } from '@autopack/contract/operator-control'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

/** Switches, brakes and caps with who set them. What every page needs of it comes with the status. */
export const controlQuery = queryOptions({
  queryKey: ['control'],
  queryFn: ({ signal }) => call(getControl, { signal }),
})
