import { listArtifacts } from '@autopack/contract/artifacts'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

/** The artifacts of a run by path, in pages of two hundred. */
export function artifactIndexQuery(runId: string) {
  return infiniteQueryOptions({
    queryKey: ['artifacts', runId, 'index'],
    queryFn: ({ pageParam, signal }) => call(listArtifacts, { params: { run_id: runId }, query: { limit: 200, cursor: pageParam }, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}
