import { ApiProblem } from '@autopack/api-client/errors'
import type { Artifact } from '@autopack/contract/artifacts'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useNavigate, useParams, useSearchParams } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { toArtifactLink } from '../../shared/artifact-icon.ts'
import { artifactIndexQuery } from '../../shared/artifact-queries.ts'
import { Empty } from '../../shared/empty.tsx'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { PageTitle } from '../../shared/page-title.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { runQuery } from '../../shared/run-queries.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { ArtifactBadges } from './artifact-badges.tsx'
import { ArtifactFacts } from './artifact-facts.tsx'
import { ArtifactIndex } from './artifact-index.tsx'
import { ArtifactViewer } from './artifact-viewer.tsx'
import { chooseArtifact } from './choose-artifact.ts'
import { DownloadLink } from './download-link.tsx'
import './artifacts-page.css'

/** `/runs/:run/artifacts?path=&as=source&at=end`: the index at the left, one artifact in the middle, its facts at the right. */
export function ArtifactsPage() {
  const runId = useParams().run!
  const [search] = useSearchParams()
  const navigate = useNavigate()
  const run = useQuery(runQuery(runId))
  const index = useInfiniteQuery(artifactIndexQuery(runId))
  const artifacts = index.data?.pages.flatMap((page) => page.items) ?? []
  const path = search.get('path')
  const [held, setHeld] = useState<{ runId: string; artifact: Artifact } | null>(null)
  const reading = held?.runId === runId ? held.artifact : undefined
  const { shown: current, newest } = chooseArtifact(artifacts, path, reading)
  if (current !== undefined && current !== reading) setHeld({ runId, artifact: current })
  // A permalink may name an artifact of a later page of the index: it is read until the name is there.
  const { fetchNextPage, isFetchingNextPage } = index
  const searching = path !== null && current === undefined && index.hasNextPage && !index.isFetchNextPageError
  useEffect(() => {
    if (searching && !isFetchingNextPage) void fetchNextPage()
  }, [searching, isFetchingNextPage, fetchNextPage])

  function move(step: number): void {
    const place = artifacts.findIndex((artifact) => artifact.path === current?.path)
    const next = artifacts[place + step]
    if (next) void navigate(toArtifactLink(runId, next.path))
  }
  useKeys([
    { keys: ']', does: 'next artifact', run: () => move(1) },
    { keys: '[', does: 'previous artifact', run: () => move(-1) },
    { keys: 'u', does: 'back to the run', run: () => void navigate(`/runs/${runId}`) },
  ])

  const back = (
    <Link className="btn quiet iconbtn" to={`/runs/${runId}`} aria-label="Back to the run">
      <Icon name="arrow-l" />
    </Link>
  )
  const first = index.data?.pages[0]
  if (!first) {
    const gone = index.error instanceof ApiProblem && index.error.code === 'not_found'
    return (
      <>
        <PageTitle>Artifacts</PageTitle>
        <div className="pagehead">
          {back}
          <h1>Artifacts</h1>
        </div>
        {gone ? (
          <Empty title="No such run">
            <p className="muted">
              Nothing is known of <code>{runId}</code>, or it is not shared with you.
            </p>
          </Empty>
        ) : index.error ? (
          <ProblemPanel title="The artifacts could not be read" error={index.error} onRetry={() => void index.refetch()} />
        ) : (
          <Skeleton rows={8} label="Reading the artifacts" />
        )}
      </>
    )
  }
  return (
    <div className="artifact">
      <PageTitle>{toAgentWords(`${current?.path ?? 'Artifacts'} · ${run.data?.name ?? runId}`)}</PageTitle>
      <div className="pagehead">
        {back}
        <h1 className="crumbs" title={toAgentWords(current?.path ?? '')}>
          <Link className="plain muted crumb" to={`/runs/${runId}`}>
            <bdi>
              <VisibleText text={toAgentWords(run.data?.name ?? runId)} />
            </bdi>
          </Link>
          <span className="muted slash">/</span>
          <bdi className="v clip">
            <VisibleText text={toAgentWords(current?.path ?? path ?? 'Artifacts')} />
          </bdi>
        </h1>
        {current && <ArtifactBadges runId={runId} artifact={current} />}
        <span aria-live="polite">
          {newest && newest.sha256 !== current?.sha256 && (
            <button className="newpill" type="button" onClick={() => setHeld({ runId, artifact: newest })}>
              <Icon name="arrow-u" small />
              Version {newest.artifact_version} is here
            </button>
          )}
        </span>
        {current && (
          <div className="end">
            <DownloadLink runId={runId} artifact={current} />
          </div>
        )}
      </div>
      <div className="viewer">
        <ArtifactIndex
          runId={runId}
          artifacts={artifacts}
          total={first.total}
          current={current?.path ?? null}
          more={index.hasNextPage ? () => void index.fetchNextPage() : null}
        />
        <section className="logpane" aria-label="Viewer">
          {searching ? (
            <Skeleton rows={8} label="Looking for the artifact" />
          ) : current === undefined ? (
            <NothingToShow path={path} partial={index.hasNextPage} />
          ) : (
            <ArtifactViewer key={current.sha256 + current.path} runId={runId} artifact={current} artifacts={artifacts} />
          )}
        </section>
        {current && <ArtifactFacts artifact={current} />}
      </div>
    </div>
  )
}

function NothingToShow({ path, partial }: { path: string | null; partial: boolean }) {
  if (path === null) {
    return (
      <Empty title="No artifacts yet">
        <p className="muted">What the agent writes during this run appears here.</p>
      </Empty>
    )
  }
  return (
    <Empty title="No such artifact">
      <p className="muted">
        This run has nothing named <code className="v">{toAgentWords(path)}</code>
        {partial ? ' among those listed so far' : ''}.
      </p>
    </Empty>
  )
}
