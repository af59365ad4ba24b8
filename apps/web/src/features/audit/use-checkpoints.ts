import type { AuditCheckpoint } from '@autopack/contract/checkpoints'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { allCheckpointsQuery, newestCheckpointsQuery } from '../../shared/evidence/checkpoint-query.ts'

/** As many pages are read by themselves, a hundred checkpoints each. */
const mostPages = 10

/**
 * The checkpoints that hold by the console's word, the largest first, back to the first that does not cover this entry; null: the newest will
 * do. `complete`: more of them will not be read. `facts`: what is said with them; undefined while nothing is.
 */
export function useCheckpointsBackTo(seq: number | null) {
  const newest = useQuery(newestCheckpointsQuery)
  const first = newest.data?.items ?? []
  const isBelow = (checkpoint: AuditCheckpoint) => seq !== null && holds(checkpoint) && checkpoint.size < seq
  const enough = seq === null || newest.data === undefined || newest.data.next_cursor === null || first.some(isBelow)
  const all = useInfiniteQuery({ ...allCheckpointsQuery, enabled: !enough })
  const { data, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = all
  const older = data?.pages.flatMap((page) => page.items) ?? []
  const reached = enough || older.some(isBelow) || (data?.pages.length ?? 0) >= mostPages
  useEffect(() => {
    if (!reached && hasNextPage && !isFetchingNextPage && !isFetchNextPageError) void fetchNextPage()
  }, [reached, hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage])
  return {
    checkpoints: merge(first, enough ? [] : older),
    complete: newest.data !== undefined && (reached || isFetchNextPageError || all.isError || (data !== undefined && !hasNextPage)),
    facts: newest.data,
    error: newest.error ?? all.error,
  }
}

function holds({ standing, given_up }: AuditCheckpoint): boolean {
  return standing === 'holds' && !given_up
}

/** Each once. One may be handed over after a larger one. */
function merge(first: readonly AuditCheckpoint[], older: readonly AuditCheckpoint[]): AuditCheckpoint[] {
  const known = new Set(first.map(({ note }) => note))
  return [...first, ...older.filter(({ note }) => !known.has(note))].filter(holds).toSorted((one, other) => other.size - one.size)
}
