import { ApiProblem } from '@autopack/api-client/errors'
import { actionIdSchema } from '@autopack/contract/primitives'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from 'react-router'
import * as z from 'zod/mini'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Empty } from '../../shared/empty.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { externalActionQuery } from './approvals-queries.ts'
import { DecisionSheet } from './decision-sheet.tsx'
import { loadReader } from './payload-query.ts'
import './decision-page.css'

// Begun with the page; whoever needs it asks again, and hears of a failure.
loadReader().catch(() => undefined)

/** `/approvals/:id?view=meaning|fields|raw|seal`: one proposal, drawn from its bytes, and the decision about it. */
export function DecisionPage() {
  const { id = '' } = useParams()
  return z.safeParse(actionIdSchema, id).success ? <KnownId key={id} actionId={id} /> : <NotHere />
}

function KnownId({ actionId }: { actionId: string }) {
  const action = useQuery(externalActionQuery(actionId))
  if (action.data !== undefined) {
    return (
      <>
        <PageTitle>{toAgentWords(action.data.title)}</PageTitle>
        {action.error !== null && (
          <ProblemPanel
            title="This action could not be read again"
            error={action.error}
            stillWorks="What you see is how it was; rejecting still works."
            onRetry={() => void action.refetch()}
          />
        )}
        <DecisionSheet action={action.data} readFailed={action.error !== null} />
      </>
    )
  }
  if (action.error instanceof ApiProblem && action.error.code === 'not_found') return <NotHere />
  return (
    <>
      <PageTitle>Decision</PageTitle>
      {action.error !== null ? (
        <ProblemPanel title="This action could not be read" error={action.error} onRetry={() => void action.refetch()} />
      ) : (
        <Skeleton rows={6} label="Reading the proposal" />
      )}
    </>
  )
}

function NotHere() {
  return (
    <>
      <PageTitle>Not here</PageTitle>
      <Empty title="This action is not here">
        <p className="muted">It does not exist, or you may not see it.</p>
        <Link className="btn" to="/approvals">
          To the approvals
        </Link>
      </Empty>
    </>
  )
}
