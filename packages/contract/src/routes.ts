/** Every route there is. Servers, clients, documents and the hostile-input tests are derived from this list. */
import * as approvalRequests from './approval-requests.ts'
import * as approvals from './approvals.ts'
import * as artifacts from './artifacts.ts'
import * as audit from './audit.ts'
import * as auditQueries from './audit-queries.ts'
import * as auth from './auth.ts'
import * as checkpoints from './checkpoints.ts'
import * as control from './control.ts'
import * as events from './events.ts'
import * as executorActions from './executor-actions.ts'
import * as executorKeys from './executor-keys.ts'
import * as executors from './executors.ts'
import * as governance from './governance.ts'
import * as invites from './invites.ts'
import * as operatorActions from './operator-actions.ts'
import * as operatorControl from './operator-control.ts'
import * as operators from './operators.ts'
import * as operatorRuns from './operator-runs.ts'
import * as passkeySignIn from './passkey-sign-in.ts'
import * as passkeys from './passkeys.ts'
import * as people from './people.ts'
import * as receipts from './receipts.ts'
import type { Route } from './route.ts'
import * as runs from './runs.ts'
import * as setUp from './set-up.ts'
import * as status from './status.ts'

export const executorRoutes: readonly Route[] = [
  runs.startRun,
  runs.listExecutorRuns,
  runs.getExecutorRun,
  runs.getExecutorRunProgress,
  runs.updatePhaseStatus,
  runs.heartbeatRun,
  runs.recordUsage,
  artifacts.putArtifact,
  artifacts.listExecutorArtifacts,
  executorActions.proposeExternalAction,
  executorActions.reviseExternalAction,
  executorActions.getExecutorAction,
  executorActions.getExecutorActionPayload,
  executorActions.claimExternalAction,
  executorActions.heartbeatExternalAction,
  executorActions.finishExternalAction,
  executorActions.observeExternalAction,
  executorActions.cancelExternalAction,
  control.getExecutorControl,
  approvalRequests.requestApproval,
  approvalRequests.getApprovalStatus,
  approvalRequests.listPendingApprovals,
  governance.requestGovernance,
  governance.getGovernanceStatus,
  governance.listPendingGovernance,
]

export const operatorRoutes: readonly Route[] = [
  operators.getOwnOperator,
  people.listOperators,
  people.inviteOperator,
  people.reissueInvite,
  people.setOperatorRole,
  people.disableOperator,
  people.enableOperator,
  operatorRuns.listRuns,
  operatorRuns.getRun,
  artifacts.listArtifacts,
  artifacts.previewArtifact,
  artifacts.getArtifactRaw,
  approvals.listApprovals,
  approvalRequests.getApprovalRequest,
  approvalRequests.decideApprovalRequest,
  governance.getGovernanceRequest,
  governance.decideGovernanceRequest,
  operatorActions.listExternalActions,
  operatorActions.getExternalAction,
  operatorActions.getExternalActionPayload,
  operatorActions.listPrecedents,
  receipts.getActionReceipt,
  operatorActions.decideExternalAction,
  operatorActions.revokeExternalAction,
  operatorActions.resolveExternalAction,
  passkeys.createChallenge,
  passkeys.listOwnPasskeys,
  passkeys.addPasskey,
  passkeys.renamePasskey,
  passkeys.removePasskey,
  passkeys.resetPasskeys,
  operatorControl.getControl,
  operatorControl.engageBrake,
  operatorControl.releaseBrake,
  operatorControl.listBrakes,
  operatorControl.setCap,
  operatorControl.setSwitch,
  audit.listAuditEvents,
  audit.exportAudit,
  audit.exportAuditEvents,
  checkpoints.listAuditCheckpoints,
  auditQueries.listAuditQueries,
  auditQueries.saveAuditQuery,
  auditQueries.removeAuditQuery,
  // After every other path under it, which it would take for its number.
  audit.getAuditEvent,
  executors.listExecutors,
  executors.transferExecutor,
  executors.shareExecutor,
  executorKeys.listExecutorKeys,
  executorKeys.createExecutorKey,
  executorKeys.rotateExecutorKey,
  executorKeys.revokeExecutorKey,
  events.streamEvents,
  status.getSystemStatus,
]

/** Of the operator plane, but called by the BFF for itself; no browser reaches it. */
export const consoleOnlyRoutes: readonly Route[] = [
  operators.recordSignInEvents,
  operators.getOperatorSetUp,
  operators.createFirstOperator,
  passkeys.createSignInChallenge,
  passkeys.verifyPasskeySignIn,
  operators.listStandings,
  operators.readOperatorInvite,
  operators.acceptOperatorInvite,
]

export const consoleRoutes: readonly Route[] = [
  auth.login,
  passkeySignIn.startPasskeyLogin,
  passkeySignIn.loginWithPasskey,
  auth.stepUp,
  auth.logout,
  auth.getSession,
  auth.recordActivity,
  auth.changePassword,
  auth.listSessions,
  auth.revokeSession,
  auth.getJwks,
  setUp.getSetUp,
  setUp.setUp,
  invites.readInvite,
  invites.acceptInvite,
]

/** Of the control plane, for the checkpoint writer alone. */
export const checkpointRoutes: readonly Route[] = [
  checkpoints.listCheckpointEntries,
  checkpoints.recordCheckpoint,
  checkpoints.reportCheckpointProblem,
]

export const publicRoutes: readonly Route[] = [status.getHealth, status.getLiveness]

export const allRoutes: readonly Route[] = [
  ...executorRoutes,
  ...operatorRoutes,
  ...consoleOnlyRoutes,
  ...consoleRoutes,
  ...checkpointRoutes,
  ...publicRoutes,
]
