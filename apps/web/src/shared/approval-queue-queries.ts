import { listApprovals } from '@autopack/contract/approvals'
import type { QueryInputOf } from '@autopack/contract/route'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ApplyEvent } from './live-event.ts'

export type ApprovalQueueFilter = NonNullable<QueryInputOf<typeof listApprovals>>

/** The queue. The badge in the navigation and the list of the queue page are the same query, so they cannot disagree. */
export function approvalQueueQuery(filter: ApprovalQueueFilter) {
  return queryOptions({
    queryKey: ['approvals', filter],
    queryFn: ({ signal }) => call(listApprovals, { query: filter, signal }),
  })
}

/** What waits for the person who is signed in, at most the first hundred. */
export const actionableQueueQuery = approvalQueueQuery({ scope: 'actionable', limit: 100 })

/** One that is asked, decided or expires, of whatever kind, moves the queue. */
export const applyEventToApprovalQueue: ApplyEvent = (event) =>
  event.type === 'external_action.changed' || event.type === 'approval_request.changed' || event.type === 'governance_request.changed'
    ? [['approvals']]
    : []
