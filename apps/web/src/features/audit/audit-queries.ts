import { getAuditEvent, listAuditEvents } from '@autopack/contract/audit'
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/**
 * The story as it was at `openedAtMs`, newest first. Nothing but reading further back changes it; what is new is counted by
 * `auditNewestQuery` and shown by opening the story again.
 */
export function auditStoryQuery(query: string, openedAtMs: number) {
  return infiniteQueryOptions({
    queryKey: ['audit', 'story', query, openedAtMs],
    queryFn: ({ signal, pageParam }) => call(listAuditEvents, { query: { q: query, limit: 50, cursor: pageParam ?? undefined }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 'static',
    gcTime: 60_000,
  })
}

/** The newest entries of the same query. Sign-ins make no live event, so it is also read every fifteen seconds. */
export function auditNewestQuery(query: string) {
  return queryOptions({
    queryKey: ['audit', 'newest', query],
    queryFn: ({ signal }) => call(listAuditEvents, { query: { q: query, limit: 100 }, signal }),
    refetchInterval: 15_000,
  })
}

/** Entries never change, so one is read once. */
export function auditEntryQuery(seq: string) {
  return queryOptions({
    queryKey: ['audit', 'entry', seq],
    // The contract reads the number from the address's text, so that is what the call must be given.
    queryFn: ({ signal }) => call(getAuditEvent, { params: { seq: seq as unknown as number }, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
}
