import { decideApprovalRequest, getApprovalRequest, type ApprovalRequest } from '@autopack/contract/approval-requests'
import { decideGovernanceRequest, getGovernanceRequest, type GovernanceRequest } from '@autopack/contract/governance'
import type { RequestDecisionBody } from '@autopack/contract/requests'
import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/** Either kind as one type; its `kind` is that of the queue. */
export type WaitingRequest = ({ kind: 'approval_request' } & ApprovalRequest) | ({ kind: 'governance_request' } & GovernanceRequest)
export type RequestKind = WaitingRequest['kind']
export type RequestRef = { kind: RequestKind; id: string }

/** What is decided about which request; captured when the button is pressed, from what was on screen. */
export type DecideRequestInput = RequestRef & { decision: RequestDecisionBody }

export function toRequestId(request: WaitingRequest): string {
  return request.kind === 'approval_request' ? request.approval_id : request.request_id
}

/** One request with its body. An answer and an event may arrive in any order: the higher version stays, and of equal ones the later answer. */
export function requestQuery({ kind, id }: RequestRef) {
  return queryOptions({
    queryKey: ['requests', id],
    queryFn: async ({ signal }): Promise<WaitingRequest> =>
      kind === 'approval_request'
        ? { kind, ...(await call(getApprovalRequest, { params: { approval_id: id }, signal })) }
        : { kind, ...(await call(getGovernanceRequest, { params: { request_id: id }, signal })) },
    structuralSharing: (held, arrived) => keepNewerRequest(held as WaitingRequest | undefined, arrived as WaitingRequest),
  })
}

export function keepNewerRequest(held: WaitingRequest | undefined, arrived: WaitingRequest): WaitingRequest {
  if (held === undefined || toRequestId(held) !== toRequestId(arrived)) return arrived
  if (held.version !== arrived.version) return held.version > arrived.version ? held : arrived
  return held.now > arrived.now ? held : arrived
}

/** Decides one request, once. Refusals make the page read it again. */
export const decideRequestMutation = mutationOptions({
  mutationKey: ['decide-request'],
  mutationFn: async ({ kind, id, decision }: DecideRequestInput): Promise<WaitingRequest> =>
    kind === 'approval_request'
      ? { kind, ...(await call(decideApprovalRequest, { params: { approval_id: id }, body: decision })) }
      : { kind, ...(await call(decideGovernanceRequest, { params: { request_id: id }, body: decision })) },
  onSuccess: (request, ref, _, { client }) => {
    client.setQueryData(requestQuery(ref).queryKey, request)
  },
  onSettled: (_answer, _error, ref, _result, { client }) => {
    // Not waited for: the decision is taken or refused, whatever the reads that follow do.
    void client.invalidateQueries({ queryKey: requestQuery(ref).queryKey })
    void client.invalidateQueries({ queryKey: ['approvals'] })
  },
})
