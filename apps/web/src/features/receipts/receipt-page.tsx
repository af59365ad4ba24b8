import { ApiProblem } from '@autopack/api-client/errors'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { actionIdSchema } from '@autopack/contract/primitives'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect } from 'react'
import { useParams } from 'react-router'
import * as z from 'zod/mini'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { Empty } from '../../shared/empty.tsx'
import { chooseTrust } from '../../shared/evidence/choose-trust.ts'
import { useKnownLog } from '../../shared/evidence/last-check.ts'
import { receiptQuery, saveReceipt, toReceiptName, toWaitSeconds } from '../../shared/evidence/receipt-query.ts'
import { ReceiptVerdictText } from '../../shared/evidence/receipt-verdict.tsx'
import { checkReceipt } from '../../shared/evidence/run-check.ts'
import { toReceiptTitle } from '../../shared/evidence/verdict-title.ts'
import { VerifierDownload } from '../../shared/evidence/verifier-download.tsx'
import { externalActionQuery } from '../../shared/external-action-queries.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { readReceiptEvents } from './read-receipt-events.ts'
import './receipt-page.css'

const ReceiptStory = lazy(async () => ({ default: (await import('./receipt-story.tsx')).ReceiptStory }))

/** `/actions/:id/receipt`: one receipt for people, checked in this browser before a word of it is shown, and good on paper. */
export function ReceiptPage() {
  const { id = '' } = useParams()
  return z.safeParse(actionIdSchema, id).success ? <KnownId key={id} actionId={id} /> : <NotHere />
}

function KnownId({ actionId }: { actionId: string }) {
  const action = useQuery(externalActionQuery(actionId))
  if (action.data !== undefined) return <OfAction action={action.data} />
  if (action.error instanceof ApiProblem && action.error.code === 'not_found') return <NotHere />
  return (
    <>
      <PageTitle>Receipt</PageTitle>
      {action.error !== null ? (
        <ProblemPanel title="The action could not be read" error={action.error} onRetry={() => void action.refetch()} />
      ) : (
        <Skeleton rows={6} label="Reading the action" />
      )}
    </>
  )
}

function OfAction({ action }: { action: ExternalAction }) {
  const pending = action.state === 'PENDING'
  const receipt = useQuery({ ...receiptQuery(action.action_id, action.version), enabled: !pending })
  const trust = chooseTrust({ keys: [], rotations: [], notes: [] }, useKnownLog())
  const check = useQuery({
    // The text itself may be hundreds of kilobytes: which receipt it is says as much. What this browser learns or forgets judges it anew.
    queryKey: ['receipt-check', action.action_id, action.version, receipt.dataUpdatedAt, trust],
    queryFn: ({ signal }) => checkReceipt(receipt.data!, trust, signal),
    enabled: receipt.data !== undefined,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  usePaper()
  const waitSeconds = toWaitSeconds(receipt.failureReason)
  return (
    <>
      <PageTitle>{`Receipt · ${toAgentWords(action.title)}`}</PageTitle>
      <p className="sr" role="status">
        {check.data !== undefined ? toReceiptTitle(check.data).title : waitSeconds !== null ? 'The receipt waits for the next checkpoint.' : ''}
      </p>
      <div className="pagehead receipthead">
        <Link className="btn quiet iconbtn" to={`/actions/${action.action_id}`} aria-label="To the action">
          <Icon name="arrow-l" />
        </Link>
        <h1>Receipt</h1>
        <span className="mono muted clip">{action.action_id}</span>
        <div className="end">
          <button className="btn" type="button" aria-disabled={!check.data?.ok} onClick={() => check.data?.ok && window.print()}>
            Print
          </button>
          <button
            className="btn"
            type="button"
            aria-disabled={receipt.data === undefined}
            onClick={() => receipt.data !== undefined && saveReceipt(action.action_id, receipt.data)}
          >
            <Icon name="download" />
            Download
          </button>
        </div>
      </div>
      {pending && (
        <Empty title="No receipt yet">
          <p className="muted">It was not decided yet. A receipt says what was decided and what came of it.</p>
          <Link className="btn" to={`/approvals/${action.action_id}`}>
            Decision page
          </Link>
        </Empty>
      )}
      {!pending && receipt.data === undefined && waitSeconds !== null && (
        <Empty title="Waiting for the next checkpoint">
          <p className="muted">
            The newest event about this action is not under a signed checkpoint yet. It is asked for again every {waitSeconds} s; leave this page
            open.
          </p>
        </Empty>
      )}
      {!pending && receipt.isPending && waitSeconds === null && <Skeleton rows={6} label="Reading the receipt" />}
      {receipt.error !== null && <ProblemPanel title="The receipt could not be read" error={receipt.error} onRetry={() => void receipt.refetch()} />}
      {receipt.data !== undefined && check.isPending && <Skeleton rows={6} label="Checking the receipt" />}
      {check.error !== null && (
        <div className="banner" data-s="halted" role="alert">
          <Icon name="halted" />
          <p>
            <strong>The receipt could not be checked in this browser.</strong> Nothing of it is shown unchecked; the file can be downloaded and
            checked elsewhere.
          </p>
          <span className="end">
            <button className="btn" type="button" onClick={() => void check.refetch()}>
              Try again
            </button>
          </span>
        </div>
      )}
      {check.data !== undefined && receipt.data !== undefined && (
        <article className="receipt">
          {check.data.ok && (
            <Suspense fallback={<Skeleton rows={6} label="Drawing the receipt" />}>
              <ReceiptStory facts={check.data.facts} events={readReceiptEvents(receipt.data)} />
            </Suspense>
          )}
          <section aria-labelledby="receipt-checks">
            <h2 id="receipt-checks">Checked in this browser</h2>
            <div className="receipt-body">
              <ReceiptVerdictText verdict={check.data} />
            </div>
          </section>
          <section aria-labelledby="receipt-elsewhere" className="noprint">
            <h2 id="receipt-elsewhere">Check it elsewhere</h2>
            <VerifierDownload file={toReceiptName(action.action_id)} />
          </section>
        </article>
      )}
    </>
  )
}

/** Paper is light, whatever the screen is. */
function usePaper(): void {
  useEffect(() => {
    const root = document.documentElement
    const theme = root.getAttribute('data-theme') ?? 'light'
    let before = theme
    const toPaper = () => {
      before = root.getAttribute('data-theme') ?? theme
      root.setAttribute('data-theme', 'light')
    }
    const back = () => root.setAttribute('data-theme', before)
    addEventListener('beforeprint', toPaper)
    addEventListener('afterprint', back)
    return () => {
      removeEventListener('beforeprint', toPaper)
      removeEventListener('afterprint', back)
    }
  }, [])
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
