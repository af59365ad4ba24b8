import { queryOptions } from '@tanstack/react-query'
import { readOwnPasskeys } from './read-own-passkeys.ts'

/** The own passkeys, whether a first one can be made, and what acts of control need here. */
export const ownPasskeysQuery = queryOptions({
  queryKey: ['own-passkeys'],
  queryFn: ({ signal }) => readOwnPasskeys(signal),
})
