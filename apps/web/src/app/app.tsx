import { lazy, Suspense } from 'react'
import { Navigate, Outlet, Route, Routes, useParams } from 'react-router'
import { NotFoundPage } from './not-found-page.tsx'
import { SessionGate } from './session-gate.tsx'
import { Shell } from './shell.tsx'

// Every page comes when it is asked for; the first load is the frame.
const SignInPage = lazy(async () => ({ default: (await import('../features/sign-in/sign-in-page.tsx')).SignInPage }))
const SetUpPage = lazy(async () => ({ default: (await import('../features/sign-in/set-up-page.tsx')).SetUpPage }))
const InvitePage = lazy(async () => ({ default: (await import('../features/sign-in/invite-page.tsx')).InvitePage }))
const NowPage = lazy(async () => ({ default: (await import('../features/now/now-page.tsx')).NowPage }))
const ApprovalsPage = lazy(async () => ({ default: (await import('../features/approvals/approvals-page.tsx')).ApprovalsPage }))
const DecisionPage = lazy(async () => ({ default: (await import('../features/approvals/decision-page.tsx')).DecisionPage }))
const RequestPage = lazy(async () => ({ default: (await import('../features/approvals/request-page.tsx')).RequestPage }))
const RunsPage = lazy(async () => ({ default: (await import('../features/runs/runs-page.tsx')).RunsPage }))
const RunPage = lazy(async () => ({ default: (await import('../features/runs/run-page.tsx')).RunPage }))
const ArtifactsPage = lazy(async () => ({ default: (await import('../features/artifacts/artifacts-page.tsx')).ArtifactsPage }))
const ActionsPage = lazy(async () => ({ default: (await import('../features/actions/actions-page.tsx')).ActionsPage }))
const ActionPage = lazy(async () => ({ default: (await import('../features/actions/action-page.tsx')).ActionPage }))
const ReceiptPage = lazy(async () => ({ default: (await import('../features/receipts/receipt-page.tsx')).ReceiptPage }))
const AuditPage = lazy(async () => ({ default: (await import('../features/audit/audit-page.tsx')).AuditPage }))
const AuditEventPage = lazy(async () => ({ default: (await import('../features/audit/audit-event-page.tsx')).AuditEventPage }))
const VerifyPage = lazy(async () => ({ default: (await import('../features/audit/verify-page.tsx')).VerifyPage }))
const LimitsPage = lazy(async () => ({ default: (await import('../features/limits/limits-page.tsx')).LimitsPage }))
const BrakePage = lazy(async () => ({ default: (await import('../features/brake/brake-page.tsx')).BrakePage }))
const OwnSettingsPage = lazy(async () => ({ default: (await import('../features/settings/own-settings-page.tsx')).OwnSettingsPage }))
const PeoplePage = lazy(async () => ({ default: (await import('../features/people/people-page.tsx')).PeoplePage }))

/** The prefix of the id says what is decided, and so which page draws it. */
function ApprovalPage() {
  const { id = '' } = useParams()
  return /^(?:apr|gov)_/.test(id) ? <RequestPage /> : <DecisionPage />
}
const KeysPage = lazy(async () => ({ default: (await import('../features/keys/keys-page.tsx')).KeysPage }))

export function App() {
  return (
    <Routes>
      <Route
        element={
          <Suspense fallback={null}>
            <Outlet />
          </Suspense>
        }
      >
        <Route path="/sign-in" element={<SignInPage />} />
        <Route path="/setup" element={<SetUpPage />} />
        <Route path="/invite" element={<InvitePage />} />
      </Route>
      <Route
        element={
          <SessionGate>
            <Shell>
              <Outlet />
            </Shell>
          </SessionGate>
        }
      >
        <Route index element={<NowPage />} />
        <Route path="/approvals" element={<ApprovalsPage />} />
        <Route path="/approvals/:id" element={<ApprovalPage />} />
        <Route path="/runs" element={<RunsPage />} />
        <Route path="/runs/:run" element={<RunPage />} />
        <Route path="/runs/:run/artifacts" element={<ArtifactsPage />} />
        <Route path="/actions" element={<ActionsPage />} />
        <Route path="/actions/:id" element={<ActionPage />} />
        <Route path="/actions/:id/receipt" element={<ReceiptPage />} />
        <Route path="/audit" element={<AuditPage />} />
        <Route path="/audit/verify" element={<VerifyPage />} />
        <Route path="/audit/:seq" element={<AuditEventPage />} />
        <Route path="/limits" element={<LimitsPage />} />
        <Route path="/brake" element={<BrakePage />} />
        <Route path="/settings" element={<Navigate to="/settings/me" replace />} />
        <Route path="/settings/me" element={<OwnSettingsPage />} />
        <Route path="/settings/people" element={<PeoplePage />} />
        <Route path="/settings/keys" element={<KeysPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
