import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { sessionQuery } from './session-queries.ts'

function noticeSignedOut(error: unknown): void {
  // The page stays as it is; what is shown over it depends on the session, see session-gate.tsx.
  if (error instanceof ApiProblem && error.code === 'not_signed_in') queryClient.setQueryData(sessionQuery.queryKey, null)
}

/** Reads are retried once where another try can help; a refusal stays a refusal. */
export function mayRetryRead(failures: number, error: unknown): boolean {
  if (failures >= 1) return false
  return error instanceof Unreachable || (error instanceof ApiProblem && error.problem.status >= 502)
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: mayRetryRead, retryDelay: 500, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})
