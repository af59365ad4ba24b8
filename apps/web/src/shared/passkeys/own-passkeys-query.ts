import { listOwnPasskeys } from '@autopack/contract/passkeys'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../call.ts'

/** The own passkeys, whether a first one can be made, and what acts of control need here. */
export const ownPasskeysQuery = queryOptions({
  queryKey: ['own-passkeys'],
  queryFn: ({ signal }) => call(listOwnPasskeys, { signal }),
})
