import { ApiProblem } from '@autopack/api-client/errors'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { actionIdSchema } from '@autopack/contract/primitives'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import * as z from 'zod/mini'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Empty } from '../../shared/empty.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { externalActionQuery } from '../../shared/external-action-queries.ts'
import { DecisionSheet } from './decision-sheet.tsx'
import { loadReader } from './payload-query.ts'
import './decision-page.css'

// Begun with the page; whoever needs it asks again, and hears of a failure.
loadReader().catch(() => undefined)

const SupersededBand = lazy(async () => ({ default: (await import('./superseded-band.tsx')).SupersededBand }))

/** `/approvals/:id?view=meaning|fields|diff|raw|seal`: one proposal, drawn from its bytes, and the decision about it. */
export function DecisionPage() {
  const { id = '' } = useParams()
  return z.safeParse(actionIdSchema, id).success ? <KnownId key={id} actionId={id} /> : <NotHere />
}

function KnownId({ actionId }: { actionId: string }) {
  const action = useQuery(externalActionQuery(actionId))
  const [read, setRead] = useState<ExternalAction>()
  const newest = action.data
  // Another revision does not take the place of what somebody is reading: it waits until it is asked for.
  const superseded = read !== undefined && newest?.state === 'PENDING' && newest.revision > read.revision
  if (!superseded && newest !== read) setRead(newest)
  const shown = superseded ? read : newest
  if (newest !== undefined && shown !== undefined) {
    return (
      <>
        <PageTitle>{toAgentWords(shown.title)}</PageTitle>
        {superseded && (
          <Suspense fallback={null}>
            <SupersededBand read={read} newest={newest} onRead={() => setRead(newest)} />
          </Suspense>
        )}
        {action.error !== null && (
          <ProblemPanel
            title="This action could not be read again"
            error={action.error}
            stillWorks="What you see is how it was; rejecting still works."
            onRetry={() => void action.refetch()}
          />
        )}
        <DecisionSheet action={shown} readFailed={action.error !== null} newerRevision={superseded ? newest.revision : null} />
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
