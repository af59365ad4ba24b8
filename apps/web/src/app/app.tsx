import { lazy } from 'react'
import { Outlet, Route, Routes } from 'react-router'
import { SignInPage } from '../features/sign-in/sign-in-page.tsx'
import { RunsPage } from '../features/runs/runs-page.tsx'
import { NotFoundPage } from './not-found-page.tsx'
import { SessionGate } from './session-gate.tsx'
import { Shell } from './shell.tsx'

// Pages that not everybody opens first come when they are asked for.
const ApprovalsPage = lazy(async () => ({ default: (await import('../features/approvals/approvals-page.tsx')).ApprovalsPage }))
const DecisionPage = lazy(async () => ({ default: (await import('../features/approvals/decision-page.tsx')).DecisionPage }))
const RunPage = lazy(async () => ({ default: (await import('../features/runs/run-page.tsx')).RunPage }))
const ArtifactsPage = lazy(async () => ({ default: (await import('../features/artifacts/artifacts-page.tsx')).ArtifactsPage }))

export function App() {
  return (
    <Routes>
      <Route path="/sign-in" element={<SignInPage />} />
      <Route
        element={
          <SessionGate>
            <Shell>
              <Outlet />
            </Shell>
          </SessionGate>
        }
      >
        <Route path="/approvals" element={<ApprovalsPage />} />
        <Route path="/approvals/:id" element={<DecisionPage />} />
        <Route path="/runs" element={<RunsPage />} />
        <Route path="/runs/:run" element={<RunPage />} />
        <Route path="/runs/:run/artifacts" element={<ArtifactsPage />} />
        <Route path="*" element={<NotFoundPage />} />
      </Route>
    </Routes>
  )
}
