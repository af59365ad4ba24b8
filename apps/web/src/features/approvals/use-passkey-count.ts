import { queryOptions, useQuery } from '@tanstack/react-query'

// The route comes with the code that signs: nobody needs it to read the page.
const ownPasskeysQuery = queryOptions({
  queryKey: ['own-passkeys'],
  queryFn: async ({ signal }) => (await import('../../shared/passkeys/read-own-passkeys.ts')).readOwnPasskeys(signal),
  retry: false,
})

/** How many passkeys this person has; null: not known, or of no interest. */
export function usePasskeyCount(wanted: boolean): number | null {
  const { data } = useQuery({ ...ownPasskeysQuery, enabled: wanted })
  return wanted && data !== undefined ? data.items.length : null
}
