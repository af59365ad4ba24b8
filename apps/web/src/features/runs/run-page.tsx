import { ApiProblem } from '@autopack/api-client/errors'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { AgentText, toAgentWords } from '../../shared/agent-text.tsx'
import { artifactIndexQuery } from '../../shared/artifact-queries.ts'
import { Empty } from '../../shared/empty.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatTotal } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { runQuery } from '../../shared/run-queries.ts'
import { useServerNow } from '../../shared/server-clock.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { ArtifactList } from './artifact-list.tsx'
import { LeftRun } from './left-run.tsx'
import { PhaseInspector } from './phase-inspector.tsx'
import { RunFacts } from './run-facts.tsx'
import { leftRunQuery } from './run-page-queries.ts'
import { Timeline } from './timeline.tsx'
import { sumWaitingMs } from './timeline-geometry.ts'
import './run-page.css'

/** `/runs/:run?step=`: one run, its phases on a time axis, what left it and what it wrote. */
export function RunPage() {
  const runId = useParams().run!
  const [search, setSearch] = useSearchParams()
  const navigate = useNavigate()
  const nowMs = useServerNow()
  const run = useQuery(runQuery(runId))
  const left = useQuery(leftRunQuery(runId))
  const artifacts = useInfiniteQuery(artifactIndexQuery(runId))
  const queue = useQuery(actionableQueueQuery)

  const phases = run.data?.tiers.flatMap((tier) => tier.phases) ?? []
  const asked = search.get('step')
  const failed = phases.find((phase) => phase.state === 'FAILED')
  const shown =
    phases.find((phase) => phase.phase_id === asked) ??
    failed ??
    phases.findLast((phase) => phase.started_at !== null && phase.completed_at === null) ??
    phases.findLast((phase) => phase.completed_at !== null) ??
    phases[0]

  function move(step: number): void {
    const place = phases.findIndex((phase) => phase.phase_id === shown?.phase_id)
    const next = phases[place + step]
    if (next) setSearch({ step: next.phase_id }, { replace: true })
  }
  useKeys([
    { keys: 'j', does: 'next phase', run: () => move(1) },
    { keys: 'k', does: 'previous phase', run: () => move(-1) },
    { keys: 'u', does: 'back to the runs', run: () => void navigate('/runs') },
  ])

  if (!run.data) {
    if (run.error instanceof ApiProblem && run.error.code === 'not_found') {
      return (
        <>
          <PageTitle>Run not found</PageTitle>
          <Empty title="No such run" asPage>
            <p className="muted">
              Nothing is known of <code>{runId}</code>, or it is not shared with you.
            </p>
            <Link className="btn" to="/runs">
              To the runs
            </Link>
          </Empty>
        </>
      )
    }
    return run.error ? (
      <ProblemPanel title="The run could not be read" error={run.error} onRetry={() => void run.refetch()} />
    ) : (
      <Skeleton rows={8} label="Reading the run" />
    )
  }

  const actions = left.data?.items ?? []
  const actionable = new Set(queue.data?.items.map((item) => item.approval_ref.id))
  const files = artifacts.data?.pages.flatMap((page) => page.items) ?? []
  const index = artifacts.data?.pages[0]
  return (
    <>
      <PageTitle>{`${toAgentWords(run.data.name)} · Run`}</PageTitle>
      <div className="pagehead runhead">
        <Link className="btn quiet iconbtn" to="/runs" aria-label="Back to runs">
          <Icon name="arrow-l" />
        </Link>
        <h1>
          <AgentText text={run.data.name} />
        </h1>
        <span className="mono muted clip">{runId}</span>
        {run.data.completed_at === null && (
          <div className="end">
            <Link className="btn" to={`/brake?scope=run:${encodeURIComponent(runId)}`} aria-label="Stop this run…">
              Stop…
            </Link>
          </div>
        )}
      </div>
      {run.error && (
        <ProblemPanel
          title="The run could not be read again"
          error={run.error}
          stillWorks="Below is what was read last."
          onRetry={() => void run.refetch()}
        />
      )}
      <RunFacts run={run.data} actionable={actions.some((action) => actionable.has(action.action_id))} waitingMs={sumWaitingMs(actions, nowMs)} />
      {run.data.failure_reason && (
        <div className="banner" data-s="failed">
          <Icon name="failed" />
          <p>
            <strong>Failed.</strong> <AgentText text={run.data.failure_reason} />
          </p>
        </div>
      )}
      {run.data.heartbeat_note && run.data.completed_at === null && (
        <p className="runnote">
          <span className="muted">Now</span> <AgentText text={run.data.heartbeat_note} />
        </p>
      )}
      <div className="runpage" data-step={(asked !== null && shown?.phase_id === asked) || undefined}>
        <div className="runmain">
          {phases.length > 0 ? (
            <Timeline run={run.data} actions={actions} nowMs={nowMs} step={shown?.phase_id ?? null} />
          ) : (
            <Empty title="No phases">
              <p className="muted">The executor reported this run without any.</p>
            </Empty>
          )}
          <div className="runfoot">
            {left.error ? (
              <ProblemPanel title="What left this run could not be read" error={left.error} onRetry={() => void left.refetch()} />
            ) : (
              ((left.data && <LeftRun actions={actions} total={left.data.total.count} actionable={actionable} />) ?? (
                <Skeleton rows={1} label="Reading what left this run" />
              ))
            )}
            <section aria-labelledby="run-artifacts">
              <h2 className="sec" id="run-artifacts">
                Artifacts{' '}
                <span className="n">
                  {index && (index.total.count === 0 ? 'nothing written yet' : `${formatTotal(index.total)}, ${formatBytes(index.total_size_bytes)}`)}
                </span>
                {index && index.total.count > 0 && (
                  <Link className="end f12" to={`/runs/${runId}/artifacts`}>
                    Open the viewer
                  </Link>
                )}
              </h2>
              {artifacts.error ? (
                <ProblemPanel title="The artifacts could not be read" error={artifacts.error} onRetry={() => void artifacts.refetch()} />
              ) : !index ? (
                <Skeleton rows={2} label="Reading the artifacts" />
              ) : (
                <ArtifactList runId={runId} artifacts={files} />
              )}
              {artifacts.hasNextPage && (
                <button className="btn more" type="button" disabled={artifacts.isFetchingNextPage} onClick={() => void artifacts.fetchNextPage()}>
                  Show 200 more
                </button>
              )}
            </section>
          </div>
        </div>
        {shown && <PhaseInspector run={run.data} phase={shown} artifacts={artifacts.data ? files : null} complete={!artifacts.hasNextPage} />}
      </div>
    </>
  )
}
