import type { WaitingItem } from '@autopack/contract/approvals'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { Link } from '../../shared/link.tsx'
import { actionableQueueQuery, approvalQueueQuery } from '../../shared/approval-queue-queries.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { runListQuery } from '../../shared/run-queries.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { useHeldRows } from '../../shared/held-rows.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { statusQuery } from '../../shared/status-queries.ts'
import { isBraked } from '../../shared/is-braked.ts'
import { listActions, toSubject } from '../../shared/waiting-item.ts'
import { BrokenList } from './broken-list.tsx'
import { listBrokenThings } from './broken-things.ts'
import { DecidedList } from './decided-list.tsx'
import { EffectsNow } from './effects-now.tsx'
import { FirstSteps } from './first-steps.tsx'
import { useLastVisit } from './last-visit.ts'
import { NeedCard } from './need-card.tsx'
import { toNowSentence } from './now-sentence.ts'
import { RunStrip } from './run-strip.tsx'
import { RunningList } from './running-list.tsx'
import './now-page.css'

const mostCards = 3

/** `/`: what needs this person, what runs, what broke since the last visit, and what was decided last. No charts, no greeting. */
export function NowPage() {
  const needs = useQuery(actionableQueueQuery)
  const open = useQuery(approvalQueueQuery({ scope: 'open', limit: 100 }))
  const runs = useQuery(runListQuery({ state: 'running', limit: 8 }))
  const failed = useQuery(runListQuery({ state: 'failed', limit: 8 }))
  const decided = useQuery(approvalQueueQuery({ scope: 'decided', limit: 20 }))
  const status = useQuery(statusQuery)
  const lastVisit = useLastVisit()
  const nowMs = useServerNow()
  const items = needs.data?.items
  const cards = useHeldRows('now', items?.slice(0, mostCards), { toId: (item) => item.approval_ref.id })
  const sentence =
    needs.data &&
    toNowSentence(
      needs.data.items.map((item) => (item.kind === 'external_action' ? item.action : toUnpriced(item))),
      needs.data.total,
      nowMs,
      status.data?.control.brake_engaged ?? false,
    )
  const others = needs.data && open.data ? Math.max(0, open.data.total.count - needs.data.total.count) : 0
  const broken = failed.data && decided.data ? listBrokenThings(failed.data.items, listActions(decided.data.items), lastVisit) : null
  const isEmptyEver =
    runs.data !== undefined &&
    Object.values(runs.data.by_state).every((total) => total.count === 0) &&
    open.data?.total.count === 0 &&
    decided.data?.total.count === 0
  const shown = cards.rows.filter((row) => !row.gone)
  // A card that was decided leaves its place to the next one only when somebody asks.
  const waitingCards = Math.min(mostCards, items?.length ?? 0) - shown.length

  return (
    <>
      <PageTitle>Now</PageTitle>
      <div className="now-head">
        <h1 className="hero">
          {sentence === undefined ? (
            <span className="muted">{needs.error === null ? 'Reading what needs you' : 'Not known what needs you.'}</span>
          ) : (
            sentence.map((part) => (
              <Fragment key={part}>
                <span className="part">{part}</span>{' '}
              </Fragment>
            ))
          )}
        </h1>
        <NewPill count={Math.max(0, waitingCards)} onShow={cards.adopt} />
      </div>
      {needs.error !== null && (
        <ProblemPanel
          title="The queue could not be read"
          error={needs.error}
          stillWorks={needs.data === undefined ? undefined : 'The cards below are the last that were read.'}
          onRetry={() => void needs.refetch()}
        />
      )}
      {cards.rows.length > 0 && (
        <ul className="need3" data-count={cards.rows.length}>
          {cards.rows.map(({ item, gone }) => (
            <NeedCard key={item.approval_ref.id} item={item} gone={gone} braked={isBraked(toSubject(item), status.data?.control)} />
          ))}
        </ul>
      )}
      {needs.data !== undefined && needs.data.total.count > mostCards && (
        <p className="now-more">
          <Link to="/approvals">All {formatTotal(needs.data.total)} that need you</Link>
        </p>
      )}
      <RunStrip byState={runs.data?.by_state} others={others} />
      {runs.error !== null && <ProblemPanel title="The runs could not be counted" error={runs.error} onRetry={() => void runs.refetch()} />}
      {isEmptyEver && <FirstSteps demo={status.data?.demo} />}
      <div className="now-grid">
        <div className="now-main">
          <RunningList runs={runs.data?.items} total={runs.data?.by_state.running} />
          <DecidedList />
        </div>
        <aside className="now-side" aria-label="What may leave, and what broke">
          <BrokenList things={broken} since={lastVisit} />
          <EffectsNow control={status.data?.control} />
        </aside>
      </div>
    </>
  )
}

/** A governance request moves no money; what an executor does after its own request, nobody here can say. */
function toUnpriced(item: Exclude<WaitingItem, { kind: 'external_action' }>) {
  return { requested_at: item.request.requested_at, cost: null, blind: item.kind === 'approval_request' }
}
