import { ApiProblem } from '@autopack/api-client/errors'
import { approvalIdSchema, governanceIdSchema } from '@autopack/contract/request-summaries'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import * as z from 'zod/mini'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Empty } from '../../shared/empty.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { loadRequestReader } from './request-reader-query.ts'
import { requestQuery, type RequestRef } from './request-queries.ts'
import { RequestSheet } from './request-sheet.tsx'
import './decision-page.css'
import './decision-views.css'
import './meaning-view.css'
import './request-page.css'

// Begun with the page; whoever needs it asks again, and hears of a failure.
loadRequestReader().catch(() => undefined)

/** `/approvals/apr_…` and `/approvals/gov_…`: what an executor asks people itself, and the decision about it; stays after it. */
export function RequestPage() {
  const { id = '' } = useParams()
  const ref = toRequestRef(id)
  return ref === null ? <NotHere /> : <KnownRequest key={id} request={ref} />
}

function toRequestRef(id: string): RequestRef | null {
  if (z.safeParse(approvalIdSchema, id).success) return { kind: 'approval_request', id }
  return z.safeParse(governanceIdSchema, id).success ? { kind: 'governance_request', id } : null
}

function KnownRequest({ request: ref }: { request: RequestRef }) {
  const request = useQuery(requestQuery(ref))
  if (request.data !== undefined) {
    return (
      <>
        <PageTitle>{toAgentWords(request.data.title)}</PageTitle>
        {request.error !== null && (
          <ProblemPanel
            title="This request could not be read again"
            error={request.error}
            stillWorks="What you see is how it was; rejecting still works."
            onRetry={() => void request.refetch()}
          />
        )}
        <RequestSheet request={request.data} readFailed={request.error !== null} />
      </>
    )
  }
  if (request.error instanceof ApiProblem && request.error.code === 'not_found') return <NotHere />
  return (
    <>
      <PageTitle>Decision</PageTitle>
      {request.error !== null ? (
        <ProblemPanel title="This request could not be read" error={request.error} onRetry={() => void request.refetch()} />
      ) : (
        <Skeleton rows={6} label="Reading the request" />
      )}
    </>
  )
}

function NotHere() {
  return (
    <>
      <PageTitle>Not here</PageTitle>
      <Empty title="This request is not here">
        <p className="muted">It does not exist, or you may not see it.</p>
        <Link className="btn" to="/approvals">
          To the approvals
        </Link>
      </Empty>
    </>
  )
}
