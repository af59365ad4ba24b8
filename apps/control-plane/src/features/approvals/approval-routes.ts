import {
  decideApprovalRequest,
  getApprovalRequest,
  getApprovalStatus,
  listPendingApprovals,
  requestApproval as requestApprovalRoute,
} from '@autopack/contract/approval-requests'
import { listApprovals } from '@autopack/contract/approvals'
import {
  decideGovernanceRequest,
  getGovernanceRequest,
  getGovernanceStatus,
  listPendingGovernance,
  requestGovernance as requestGovernanceRoute,
} from '@autopack/contract/governance'
import type { RequestDecisionBody } from '@autopack/contract/requests'
import type { App } from '@autopack/server-kit/create-app'
import type { Deps } from '../../deps.ts'
import { mountExecutorRoute, mountOperatorRoute } from '../../shared/mount.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { decideRequest } from './decide-request.ts'
import { listWaiting } from './list-waiting.ts'
import { presentApprovalRequest, presentGovernanceRequest } from './present-request.ts'
import { getOwnApproval, getOwnGovernance, listOwnApprovals, listOwnGovernance } from './read-own-requests.ts'
import { requestApproval } from './request-approval.ts'
import { requestGovernance } from './request-governance.ts'

export function mountApprovalRoutes(app: App, deps: Deps): void {
  mountExecutorRoute(app, deps, requestApprovalRoute, (input) => requestApproval(deps, input))
  mountExecutorRoute(app, deps, getApprovalStatus, ({ principal, params }) => getOwnApproval(deps, principal, params.approval_number))
  mountExecutorRoute(app, deps, listPendingApprovals, ({ principal }) => listOwnApprovals(deps, principal))
  mountExecutorRoute(app, deps, requestGovernanceRoute, (input) => requestGovernance(deps, input))
  mountExecutorRoute(app, deps, getGovernanceStatus, ({ principal, params }) => getOwnGovernance(deps, principal, params.governance_id))
  mountExecutorRoute(app, deps, listPendingGovernance, ({ principal }) => listOwnGovernance(deps, principal))

  mountOperatorRoute(app, deps, listApprovals, ({ principal, query }) => listWaiting(deps, principal, query))
  mountOperatorRoute(app, deps, getApprovalRequest, ({ principal, params }) => presentApprovalRequest(deps, principal, params.approval_id))
  mountOperatorRoute(app, deps, getGovernanceRequest, ({ principal, params }) => presentGovernanceRequest(deps, principal, params.request_id))

  /** To reject and to ask for a change is to stop something: a lane that nothing can exhaust. */
  const decide = async (input: { principal: OperatorPrincipal; body: RequestDecisionBody; requestId: string }, id: string) => {
    if (input.body.kind === 'approve') await deps.rateLimits.count('decision', input.principal.operatorId)
    await decideRequest(deps, input, id)
  }
  const options = { checkRate: false }
  mountOperatorRoute(
    app,
    deps,
    decideApprovalRequest,
    async (input) => {
      await decide(input, input.params.approval_id)
      return presentApprovalRequest(deps, input.principal, input.params.approval_id)
    },
    options,
  )
  mountOperatorRoute(
    app,
    deps,
    decideGovernanceRequest,
    async (input) => {
      await decide(input, input.params.request_id)
      return presentGovernanceRequest(deps, input.principal, input.params.request_id)
    },
    options,
  )
}
