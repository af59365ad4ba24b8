import { getAuditEvent, listAuditEvents, type AuditEntry } from '@autopack/contract/audit'
import { writeAuditQueryTerm } from '@autopack/contract/audit-query'
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

const minuteMs = 60_000
/** The spans after an entry in which the next one of the same actor is looked for; the last goes on for ever. */
const spansMs = [minuteMs, 10 * minuteMs, 60 * minuteMs, 24 * 60 * minuteMs, null]
const mostPages = 5

/**
 * The next entry of whoever made this one; null: there is none yet, `many`: too many to find it. The list gives the newest first, so
 * short spans come first.
 */
export function auditNextOfQuery({ seq, event }: AuditEntry) {
  return queryOptions({
    queryKey: ['audit', 'next-of', seq],
    queryFn: async ({ signal }): Promise<AuditEntry | 'many' | null> => {
      for (const spanMs of spansMs) {
        const until = spanMs === null ? '' : ` until:${new Date(Date.parse(event.at) + spanMs).toISOString()}`
        const q = `${writeAuditQueryTerm('who', event.auth_principal_id)} since:${event.at}${until}`
        let cursor: string | undefined
        let next: AuditEntry | undefined
        for (let page = 0; page < mostPages; page += 1) {
          const { items, next_cursor } = await call(listAuditEvents, { query: { q, limit: 100, cursor }, signal })
          next = items.findLast((item) => item.seq > seq && item.event.auth_principal_id === event.auth_principal_id) ?? next
          if (next_cursor === null) break
          if (page === mostPages - 1) return 'many'
          cursor = next_cursor
        }
        if (next !== undefined) return next
      }
      return null
    },
    staleTime: 15_000,
  })
}
