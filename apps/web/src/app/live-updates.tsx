import { useQueryClient, type Query } from '@tanstack/react-query'
import { useEffect } from 'react'
import { applyAuditEvent } from '../features/audit/audit-events.ts'
import { applyEventToRunPage } from '../features/runs/run-page-events.ts'
import { applyEventToApprovalQueue } from '../shared/approval-queue-queries.ts'
import {
  applyEventToArtifacts,
  applyEventToControl,
  applyEventToExternalActions,
  applyEventToRequests,
  applyEventToRuns,
} from '../shared/apply-events.ts'
import { openEventStream } from '../shared/event-stream.ts'
import type { ApplyEvent } from '../shared/live-event.ts'
import { createRefreshQueue } from '../shared/refresh-queue.ts'
import { sessionQuery } from '../shared/session-queries.ts'
import { applyEventToStatus } from '../shared/status-queries.ts'

/** Every feature's own word on which of its queries an event makes old. */
const applyEvents: readonly ApplyEvent[] = [
  applyEventToApprovalQueue,
  applyEventToExternalActions,
  applyEventToRequests,
  applyAuditEvent,
  applyEventToRuns,
  applyEventToRunPage,
  applyEventToArtifacts,
  applyEventToStatus,
  applyEventToControl,
]

const refreshSpacingMs = 1_000

/** Holds the one event stream of this tab while somebody is signed in. Draws nothing. */
export function LiveUpdates({ signedIn }: { signedIn: boolean }) {
  const queryClient = useQueryClient()
  useEffect(() => {
    if (!signedIn) return
    const refresh = createRefreshQueue(refreshSpacingMs, (queryKey) => void queryClient.invalidateQueries({ queryKey }))
    const stream = openEventStream({
      onEvents: (events) => refresh(events.flatMap((event) => applyEvents.flatMap((apply) => apply(event)))),
      onResync: () => void queryClient.invalidateQueries({ predicate: mayHaveChanged }),
      onSignedOut: () => queryClient.setQueryData(sessionQuery.queryKey, null),
    })
    return stream.close
  }, [signedIn, queryClient])
  return null
}

/** Everything the server may have changed behind our back; what never changes need not be read again. */
function mayHaveChanged(query: Query): boolean {
  return (
    query.queryKey[0] !== sessionQuery.queryKey[0] && query.observers.every((observer) => observer.options.staleTime !== Number.POSITIVE_INFINITY)
  )
}
