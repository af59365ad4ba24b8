import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { sessionQuery } from './session-queries.ts'

function noticeSignedOut(error: unknown): void {
  // The page stays as it is; what is shown over it depends on the session, see session-gate.tsx.
  if (error instanceof ApiProblem && error.code === 'not_signed_in') queryClient.setQueryData(sessionQuery.queryKey, null)
}

/** Nobody has to press a button for a restart, or while the console leaves a control plane alone that did not answer: that takes five seconds. */
const retryDelaysMs = [500, 1_500, 4_000]

/** Reads are tried again where another try can help; a refusal stays a refusal. What took its whole time already is tried once more. */
export function mayRetryRead(failures: number, error: unknown): boolean {
  if (error instanceof ApiProblem && error.problem.status === 504) return failures < 1
  return failures < retryDelaysMs.length && (error instanceof Unreachable || (error instanceof ApiProblem && error.problem.status >= 502))
}

export function toRetryDelayMs(failures: number): number {
  return retryDelaysMs[failures] ?? retryDelaysMs.at(-1)!
}

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noticeSignedOut }),
  mutationCache: new MutationCache({ onError: noticeSignedOut }),
  defaultOptions: {
    queries: { staleTime: 30_000, gcTime: 10 * 60_000, retry: mayRetryRead, retryDelay: toRetryDelayMs, networkMode: 'always' },
    mutations: { retry: false, networkMode: 'always' },
  },
})
