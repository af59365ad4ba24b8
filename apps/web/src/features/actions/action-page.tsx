import { ApiProblem } from '@autopack/api-client/errors'
import { actionIdSchema } from '@autopack/contract/primitives'
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import * as z from 'zod/mini'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Empty } from '../../shared/empty.tsx'
import { externalActionQuery } from '../../shared/external-action-queries.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { ActionRecord } from './action-record.tsx'

/** `/actions/:id?revision=`: everything the ledger has about one action, for good. */
export function ActionPage() {
  const { id = '' } = useParams()
  return z.safeParse(actionIdSchema, id).success ? <KnownId key={id} actionId={id} /> : <NotHere />
}

function KnownId({ actionId }: { actionId: string }) {
  const action = useQuery(externalActionQuery(actionId))
  if (action.data !== undefined) {
    return (
      <>
        <PageTitle>{`${toAgentWords(action.data.title)} · Action`}</PageTitle>
        {action.error !== null && (
          <ProblemPanel
            title="This action could not be read again"
            error={action.error}
            stillWorks="What you see is how it was; taking an approval back is tried all the same."
            onRetry={() => void action.refetch()}
          />
        )}
        <ActionRecord action={action.data} />
      </>
    )
  }
  if (action.error instanceof ApiProblem && action.error.code === 'not_found') return <NotHere />
  return (
    <>
      <PageTitle>Action</PageTitle>
      {action.error !== null ? (
        <ProblemPanel title="This action could not be read" error={action.error} onRetry={() => void action.refetch()} />
      ) : (
        <Skeleton rows={6} label="Reading the action" />
      )}
    </>
  )
}

function NotHere() {
  return (
    <>
      <PageTitle>Not here</PageTitle>
      <Empty title="This action is not here" asPage>
        <p className="muted">It does not exist, or you may not see it.</p>
        <Link className="btn" to="/actions">
          To the ledger
        </Link>
      </Empty>
    </>
  )
}
